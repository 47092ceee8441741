package dev.agentrooms.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.RunId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// What the tools do.
final class McpCalls {

  private static final List<String> PASSED_ON =
      List.of("question", "session_id", "on_busy", "workflow", "input", "num_questions");
  // Hosts wait a minute for a tool.
  private static final int WAIT_SECONDS = 45;
  private static final int MAX_WAIT_SECONDS = 300;
  private static final int CANCEL_SECONDS = 10;

  private final AgentApi agent;
  private final RunFeed runs;

  McpCalls(AgentApi agent, RunFeed runs) {
    this.agent = agent;
    this.runs = runs;
  }

  /// What a call comes to.
  sealed interface Came {
    /// A run to be shown, perhaps once it has ended.
    record Run(String sessionId, String runId, int waitSeconds) implements Came {}

    record Not(Refusal why) implements Came {}
  }

  /// Null when there is no such tool.
  @Nullable CompletionStage<Came> call(String tool, Fields arguments) {
    return switch (tool) {
      case "ask" -> ask(arguments);
      case "get_run" -> {
        String runId = arguments.optionalRunId();
        yield ofRun(arguments.sessionId(), runId, wait(arguments, 0));
      }
      case "answer" -> answer(arguments);
      case "cancel" -> cancel(arguments);
      default -> null;
    };
  }

  private static int wait(Fields arguments, int absent) {
    Integer seconds = arguments.optionalInt("wait_seconds", 0, MAX_WAIT_SECONDS);
    return seconds == null ? absent : seconds;
  }

  private CompletionStage<Came> ask(Fields arguments) {
    int wait = wait(arguments, WAIT_SECONDS);
    ObjectNode run = Json.object();
    for (String name : PASSED_ON) {
      if (arguments.node().hasNonNull(name)) {
        run.set(name, arguments.node().get(name));
      }
    }
    return agent
        .start(run, arguments.optionalText("idempotency_key", 1, 255), 0)
        .thenApply(
            answer ->
                answer.fold(
                    done ->
                        new Came.Run(
                            done.body().path("session_id").asText(),
                            done.body().path("run_id").asText(),
                            wait),
                    Came.Not::new));
  }

  private CompletionStage<Came> ofRun(String sessionId, @Nullable String runId, int wait) {
    if (runId != null) {
      return came(new Came.Run(sessionId, runId, wait));
    }
    return agent
        .session(sessionId)
        .thenApply(
            answer ->
                answer.fold(
                    done -> {
                      String newest = AgentApi.newestRun(done.body());
                      return newest.isEmpty()
                          ? new Came.Not(Refusal.notFound("The session has no run yet."))
                          : new Came.Run(sessionId, newest, wait);
                    },
                    Came.Not::new));
  }

  private CompletionStage<Came> answer(Fields arguments) {
    String sessionId = arguments.sessionId();
    String runId = RunId.checked("run_id", arguments.text("run_id", 1, 128));
    int wait = wait(arguments, WAIT_SECONDS);
    ObjectNode said = Json.object().put("session_id", sessionId).put("run_id", runId);
    for (String name : List.of("decision", "value", "comment", "input_id")) {
      if (arguments.node().hasNonNull(name)) {
        said.set(name, arguments.node().get(name));
      }
    }
    CompletionStage<Answer> answered =
        said.has("input_id")
            ? agent.answer(said)
            : agent
                .run(sessionId, runId)
                .thenCompose(
                    run ->
                        switch (run) {
                          case Answer.Refused refused -> CompletableFuture.completedFuture(refused);
                          case Answer.Done(int _, JsonNode view)
                              when view.hasNonNull("waiting_for") ->
                              agent.answer(
                                  said.set("input_id", view.path("waiting_for").path("input_id")));
                          case Answer.Done _ ->
                              CompletableFuture.completedFuture(
                                  new Answer.Refused(
                                      Refusal.of(
                                          409, "Nothing is asked", "The run asks nothing now.")));
                        });
    return answered.thenApply(
        done -> done.fold(ok -> new Came.Run(sessionId, runId, wait), Came.Not::new));
  }

  private CompletionStage<Came> cancel(Fields arguments) {
    String sessionId = arguments.sessionId();
    return agent
        .cancel(sessionId, arguments.optionalRunId(), CANCEL_SECONDS)
        .thenApply(
            answer ->
                answer.fold(
                    done -> new Came.Run(sessionId, done.body().path("run_id").asText(), 0),
                    Came.Not::new));
  }

  private static CompletionStage<Came> came(Came came) {
    return CompletableFuture.completedFuture(came);
  }

  /// What happens until the run ends, asks a person, or the caller's time is up; nothing for a
  /// caller that does not wait.
  Source<Happening, NotUsed> meanwhile(Came.Run run, Loop loop) {
    return run.waitSeconds() == 0
        ? Source.empty()
        : runs.untilAsked(run.sessionId(), run.runId(), runs.of(run.sessionId(), run.runId(), loop))
            .takeWithin(Duration.ofSeconds(run.waitSeconds()));
  }

  /// The run as it is now.
  CompletionStage<ObjectNode> result(Came.Run run) {
    return agent
        .run(run.sessionId(), run.runId())
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Refused(Refusal why) ->
                      CompletableFuture.completedFuture(McpMapper.refused(why));
                  case Answer.Done(int _, JsonNode view) ->
                      agent
                          .events(run.sessionId(), run.runId())
                          .thenApply(events -> McpMapper.result(view, text(events)));
                });
  }

  private static @Nullable String text(List<ObjectNode> events) {
    return events.isEmpty() ? null : events.getLast().path("meta").path("text").textValue();
  }
}
