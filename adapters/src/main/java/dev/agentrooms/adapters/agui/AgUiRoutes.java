package dev.agentrooms.adapters.agui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Departures;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// `POST /ag-ui` starts a run, or shows one again from its first event; `POST /ag-ui/attach` only
/// shows.
public final class AgUiRoutes extends AdapterEdge {

  private static final Map<String, String> NAMES =
      Map.of("session_id", "threadId", "run_id", "runId", "question", "messages");

  private static final Wording WORDING =
      refusal -> {
        ObjectNode body = refusal.problem().deepCopy().put("message", refusal.detail());
        if (NAMES.containsKey(refusal.field())) {
          body.put("field", NAMES.get(refusal.field()));
        }
        return Wording.json(refusal.status(), body);
      };

  private final Departures departures = new Departures(Departures.GRACE);

  public AgUiRoutes(Doors doors) {
    super(doors, WORDING);
  }

  public Route routes() {
    return pathPrefix(
        "ag-ui",
        () ->
            protocol(
                concat(
                    pathEndOrSingleSlash(() -> post(() -> object(this::run))),
                    path("attach", () -> post(() -> object(this::attach))))));
  }

  /// A run that is there to be shown, or why not.
  private sealed interface Found {
    record Run(String id) implements Found {}

    record Not(Refusal why) implements Found {}
  }

  private Route run(ObjectNode body) {
    RunInput input = RunInput.of(body, true);
    return allowed(
        input.threadId(),
        until ->
            onSuccess(
                input.resume().isEmpty() ? started(input) : resumed(input),
                found -> shown(input, found, until)));
  }

  private Route attach(ObjectNode body) {
    RunInput input = RunInput.of(body, false);
    return allowed(
        input.threadId(), until -> onSuccess(newest(input), found -> shown(input, found, until)));
  }

  private CompletionStage<Found> started(RunInput input) {
    String runId = named(input);
    return agent
        .run(input.threadId(), runId)
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Done(int _, JsonNode run) ->
                      CompletableFuture.completedFuture(again(input, run));
                  case Answer.Refused(Refusal why) when why.status() == 404 -> start(input, runId);
                  case Answer.Refused(Refusal why) -> not(why);
                });
  }

  private static String named(RunInput input) {
    return input.runId() == null ? "" : input.runId();
  }

  private static Found again(RunInput input, JsonNode run) {
    String asked = run.path("question").asText();
    return input.question() == null || input.question().equals(asked)
        ? new Found.Run(run.path("run_id").asText())
        : new Found.Not(
            Refusal.of(422, "Unprocessable", "The run is of another question.", "runId"));
  }

  private CompletionStage<Found> start(RunInput input, String runId) {
    if (input.question() == null) {
      return not(Refusal.invalid("messages", "messages has no message of the user"));
    }
    ObjectNode run = input.forwarded().deepCopy();
    run.put("session_id", input.threadId());
    run.put("run_id", runId).put("question", input.question());
    return agent
        .start(run, null, 0)
        .thenApply(answer -> answer.fold(done -> new Found.Run(runId), why -> new Found.Not(why)));
  }

  /// Answers what a person was asked, and shows the run that goes on.
  private CompletionStage<Found> resumed(RunInput input) {
    Refusal none = Refusal.of(422, "Unprocessable", "No such interrupt is open.", "resume");
    return agent
        .session(input.threadId())
        .thenCompose(
            session ->
                switch (session) {
                  case Answer.Refused(Refusal why) -> not(why.status() == 404 ? none : why);
                  case Answer.Done(int _, JsonNode view) -> {
                    String runId = AgentApi.newestRun(view);
                    yield runId.isEmpty() || input.resume().size() > 1
                        ? not(none)
                        : answered(input, runId, none);
                  }
                });
  }

  private CompletionStage<Found> answered(RunInput input, String runId, Refusal none) {
    return agent
        .answer(input.resume().getFirst().answer(input.threadId(), runId))
        .thenApply(
            answer ->
                answer.fold(
                    done -> new Found.Run(runId),
                    why -> new Found.Not(why.status() == 404 ? none : why)));
  }

  private CompletionStage<Found> newest(RunInput input) {
    String runId = named(input);
    CompletionStage<Answer> run =
        runId.isEmpty()
            ? CompletableFuture.completedFuture(new Answer.Refused(Refusal.notFound("")))
            : agent.run(input.threadId(), runId);
    return run.thenCompose(
        answer ->
            answer.found() != null
                ? CompletableFuture.completedFuture(new Found.Run(runId))
                : agent
                    .session(input.threadId())
                    .thenApply(
                        session ->
                            session.fold(
                                done -> {
                                  String newest = AgentApi.newestRun(done.body());
                                  return newest.isEmpty()
                                      ? new Found.Not(
                                          Refusal.notFound("The thread has no run yet."))
                                      : new Found.Run(newest);
                                },
                                why -> new Found.Not(why))));
  }

  private static CompletionStage<Found> not(Refusal why) {
    return CompletableFuture.completedFuture(new Found.Not(why));
  }

  private Route shown(RunInput input, Found found, @Nullable Instant until) {
    return switch (found) {
      case Found.Not(Refusal why) -> refuse(why);
      case Found.Run(String runId) -> {
        // A resumed run goes on under the name that its client gives it.
        String shownId = input.resume().isEmpty() ? runId : named(input);
        yield extractRequest(
            request ->
                onSuccess(
                    agent.conversation(input.threadId(), runId),
                    messages ->
                        complete(
                            EventStream.of(
                                events(
                                        input.threadId(),
                                        runId,
                                        new AgUiMapper(input.threadId(), shownId, runId),
                                        messages,
                                        input.endsWithItsReaders(),
                                        Loop.of(request))
                                    .map(
                                        event -> EventStream.event(null, null, Json.encode(event))),
                                remaining(until),
                                doors.open()))));
      }
    };
  }

  private Source<ObjectNode, NotUsed> events(
      String threadId,
      String runId,
      AgUiMapper mapper,
      List<JsonNode> messages,
      boolean cancels,
      Loop loop) {
    // What is read of a stream is read on other threads.
    AgentApi own = agent.bound();
    Source<ObjectNode, NotUsed> all =
        Source.from(mapper.opened(messages))
            .concat(
                runs.of(threadId, runId, loop)
                    .mapAsync(
                        1,
                        happening ->
                            own.isStillAsked(threadId, runId, happening)
                                .thenApply(isAsked -> new Seen(happening, isAsked)))
                    .mapConcat(
                        seen ->
                            seen.isAsked() && seen.happening() instanceof Told asked
                                ? mapper.interrupted(asked)
                                : mapper.on(seen.happening())))
            .takeWhile(event -> !isLast(event), true);
    return cancels ? all.via(watched(threadId, runId)) : all;
  }

  /// Cancels the run when the last reader that asked for `on_disconnect: cancel` has disconnected.
  private Flow<ObjectNode, ObjectNode, NotUsed> watched(String threadId, String runId) {
    AgentApi own = agent.bound();
    return departures.watch(
        threadId + "/" + runId,
        AgUiRoutes::isLast,
        () -> {
          if (!doors.open().isClosing()) {
            own.cancel(threadId, runId, 0);
          }
        });
  }

  /// @param isAsked whether a person is still asked
  private record Seen(Happening happening, boolean isAsked) {}

  private static boolean isLast(ObjectNode event) {
    String type = event.path("type").asText();
    return type.equals("RUN_FINISHED") || type.equals("RUN_ERROR");
  }
}
