package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Starts runs, and has them go on that wait for an answer.
final class RunStarts {

  /// What came of it.
  sealed interface Started {

    /// @param strategy null for a run that goes on
    /// @param answered the input that was answered; null for a run that has just started
    /// @param cancelsAlone whether it is cancelled when its reader goes away
    record Run(
        String runId, @Nullable String strategy, @Nullable String answered, boolean cancelsAlone)
        implements Started {}

    record Refused(Refusal why) implements Started {}
  }

  private final AgentApi agent;

  RunStarts(AgentApi agent) {
    this.agent = agent;
  }

  /// @param key the caller's `Idempotency-Key`; null for none
  /// @param makesThread whether a run makes the thread that is not there
  CompletionStage<Started> start(
      String threadId, JsonNode body, @Nullable String key, boolean makesThread) {
    return switch (RunInput.of(threadId, body)) {
      case RunInput.Refused(Refusal why) ->
          CompletableFuture.completedFuture(new Started.Refused(why));
      case RunInput.Start start ->
          makesThread || start.makesThread()
              ? begin(start, key)
              : agent
                  .session(threadId)
                  .thenCompose(
                      session ->
                          session instanceof Answer.Refused(Refusal why)
                              ? CompletableFuture.completedFuture(new Started.Refused(why))
                              : begin(start, key));
      case RunInput.Resume resume -> resume(threadId, resume);
    };
  }

  private CompletionStage<Started> begin(RunInput.Start start, @Nullable String key) {
    return agent
        .start(start.run(), key, 0)
        .thenApply(
            answer ->
                answer.fold(
                    done ->
                        new Started.Run(
                            done.body().path("run_id").asText(),
                            start.strategy(),
                            null,
                            start.cancelsAlone()),
                    Started.Refused::new));
  }

  private CompletionStage<Started> resume(String threadId, RunInput.Resume resume) {
    return agent
        .session(threadId)
        .thenCompose(
            session ->
                switch (session) {
                  case Answer.Refused(Refusal why) ->
                      CompletableFuture.completedFuture(new Started.Refused(why));
                  case Answer.Done(int _, JsonNode found) -> resume(threadId, found, resume);
                });
  }

  private CompletionStage<Started> resume(
      String threadId, JsonNode session, RunInput.Resume resume) {
    JsonNode asked = session.path("waiting_for");
    if (!asked.isObject()) {
      return CompletableFuture.completedFuture(
          new Started.Refused(
              Refusal.of(
                  422, "Nothing to resume", "The thread waits for nobody's answer.", "command")));
    }
    JsonNode run = session.path("run");
    String runId = run.path("run_id").asText();
    String inputId = asked.path("input_id").asText();
    ObjectNode answer = RunInput.answer(threadId, runId, inputId, resume.resume());
    return agent
        .answer(answer)
        .thenApply(
            done ->
                done.fold(
                    counted -> new Started.Run(runId, null, inputId, resume.cancelsAlone()),
                    Started.Refused::new));
  }
}
