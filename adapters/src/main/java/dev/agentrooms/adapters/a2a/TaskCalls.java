package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/// The operations of A2A, whatever binding they come by.
final class TaskCalls {

  // By then the tool has stopped, or has been abandoned.
  private static final int CANCEL_SECONDS = 10;

  private final AgentApi agent;
  private final TaskReader reader;

  TaskCalls(AgentApi agent, RunFeed runs) {
    this.agent = agent;
    this.reader = new TaskReader(agent, runs);
  }

  /// Where a call's streams run.
  record Place(Loop loop, Materializer materializer) {}

  CompletionStage<Said> send(Sent sent, boolean streams, Place at) {
    return begun(sent)
        .thenCompose(
            begun ->
                switch (begun) {
                  case Begun.Not(Failure why) -> said(new Said.Failed(why));
                  case Begun.Task(TaskId id) when streams -> streamed(id, at);
                  case Begun.Task(TaskId id) when sent.returnsAtOnce() ->
                      wrapped(id, sent.historyLength(), at);
                  case Begun.Task(TaskId id) ->
                      reader
                          .end(id, at.loop(), at.materializer())
                          .thenCompose(last -> wrapped(id, sent.historyLength(), at));
                });
  }

  private sealed interface Begun {
    record Task(TaskId id) implements Begun {}

    record Not(Failure why) implements Begun {}
  }

  private CompletionStage<Begun> begun(Sent sent) {
    return sent.taskId() == null ? started(sent) : answered(sent, sent.taskId());
  }

  private CompletionStage<Begun> started(Sent sent) {
    return agent
        .start(sent.run(), sent.messageId(), 0)
        .thenApply(
            answer ->
                answer.fold(
                    done ->
                        new Begun.Task(
                            new TaskId(
                                done.body().path("session_id").asText(),
                                done.body().path("run_id").asText())),
                    why -> new Begun.Not(Failure.of(why))));
  }

  /// A message for a task that waits for a person.
  private CompletionStage<Begun> answered(Sent sent, String taskId) {
    TaskId id = TaskId.of(taskId);
    if (id == null) {
      return not(Reason.TASK_NOT_FOUND, "There is no such task.");
    }
    if (sent.contextId() != null && !sent.contextId().equals(id.sessionId())) {
      return not(Reason.INVALID_PARAMS, "The task is of another context.");
    }
    return agent
        .run(id.sessionId(), id.runId())
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Refused(var why) ->
                      CompletableFuture.completedFuture(new Begun.Not(Failure.ofTask(why)));
                  case Answer.Done(int _, JsonNode run) -> {
                    String input = run.path("waiting_for").path("input_id").asText();
                    yield input.isEmpty()
                        ? not(
                            Reason.UNSUPPORTED_OPERATION,
                            "The task waits for no message: begin another one.")
                        : agent
                            .answer(sent.answer(id, input))
                            .thenApply(
                                said ->
                                    said.fold(
                                        done -> new Begun.Task(id),
                                        why -> new Begun.Not(Failure.of(why))));
                  }
                });
  }

  private static CompletionStage<Begun> not(Reason reason, String message) {
    return CompletableFuture.completedFuture(new Begun.Not(new Failure(reason, message)));
  }

  private static CompletionStage<Said> said(Said said) {
    return CompletableFuture.completedFuture(said);
  }

  private CompletionStage<Said> wrapped(TaskId id, @Nullable Integer historyLength, Place at) {
    return reader
        .task(id, historyLength, at.loop(), at.materializer())
        .thenApply(
            said ->
                said instanceof Said.Result(ObjectNode task)
                    ? new Said.Result(Json.object().set("task", task))
                    : said);
  }

  private CompletionStage<Said> streamed(TaskId id, Place at) {
    return of(
        id,
        run ->
            reader.updates(
                id, run, new TaskReader.From.TheStart(), true, at.loop(), at.materializer()));
  }

  private CompletionStage<Said> of(TaskId id, Function<JsonNode, CompletionStage<Said>> then) {
    return agent
        .run(id.sessionId(), id.runId())
        .thenCompose(
            answer ->
                answer.fold(
                    done -> then.apply(done.body()),
                    why -> said(new Said.Failed(Failure.ofTask(why)))));
  }

  CompletionStage<Said> get(TaskId id, @Nullable Integer historyLength, Place at) {
    return reader.task(id, historyLength, at.loop(), at.materializer());
  }

  /// @param lastEventId null for what has not been told yet
  CompletionStage<Said> subscribe(TaskId id, @Nullable String lastEventId, Place at) {
    TaskReader.From from = from(lastEventId);
    if (from == null) {
      return said(
          Said.failed(Reason.INVALID_PARAMS, "Last-Event-ID must be a position, as epoch:seq"));
    }
    return of(
        id,
        run ->
            // Who comes back with a position still gets what has been told since.
            Tasks.hasEnded(run) && from instanceof TaskReader.From.Now
                ? said(Said.failed(Reason.UNSUPPORTED_OPERATION, "The task has ended."))
                : reader.updates(id, run, from, false, at.loop(), at.materializer()));
  }

  private static TaskReader.@Nullable From from(@Nullable String lastEventId) {
    if (lastEventId == null) {
      return new TaskReader.From.Now();
    }
    if (lastEventId.equals("0")) {
      return new TaskReader.From.TheStart();
    }
    int between = lastEventId.lastIndexOf(':');
    try {
      return between < 1
          ? null
          : new TaskReader.From.After(
              lastEventId.substring(0, between),
              Long.parseLong(lastEventId.substring(between + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  CompletionStage<Said> cancel(TaskId id, Place at) {
    return agent
        .cancel(id.sessionId(), id.runId(), CANCEL_SECONDS)
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Done _ -> get(id, null, at);
                  case Answer.Refused(var why) when why.status() == 409 ->
                      said(Said.failed(Reason.TASK_NOT_CANCELABLE, "The task has ended."));
                  case Answer.Refused(var why) -> said(new Said.Failed(Failure.ofTask(why)));
                });
  }
}
