package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.RunFeed;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.japi.function.Function2;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// Reads runs as tasks and their updates.
final class TaskReader {

  private final AgentApi agent;
  private final RunFeed runs;

  TaskReader(AgentApi agent, RunFeed runs) {
    this.agent = agent;
    this.runs = runs;
  }

  /// Where a reader of a task begins.
  sealed interface From {
    record TheStart() implements From {}

    /// What has not been told yet.
    record Now() implements From {}

    record After(String epoch, long seq) implements From {}
  }

  CompletionStage<Said> task(
      TaskId id, @Nullable Integer historyLength, Loop loop, Materializer materializer) {
    return agent
        .run(id.sessionId(), id.runId())
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Refused(var why) ->
                      CompletableFuture.completedFuture(new Said.Failed(Failure.ofTask(why)));
                  case Answer.Done(int _, JsonNode run) ->
                      position(id, loop, materializer)
                          .thenCompose(position -> shown(id, run, position.second(), historyLength))
                          .thenApply(Said.Result::new);
                });
  }

  /// A task with its answer and what people said, which only its events have.
  CompletionStage<ObjectNode> shown(
      TaskId id, JsonNode run, @Nullable String cursor, @Nullable Integer historyLength) {
    return agent
        .events(id.sessionId(), id.runId())
        .thenApply(
            events -> Tasks.task(id, run, answer(run, events), cursor, events, historyLength));
  }

  private static @Nullable String answer(JsonNode run, List<ObjectNode> events) {
    return events.isEmpty() || !run.path("status").asText().equals("succeeded")
        ? null
        : events.getLast().path("meta").path("text").textValue();
  }

  /// How many events have been told, and the place of the last.
  private CompletionStage<Pair<Integer, String>> position(
      TaskId id, Loop loop, Materializer materializer) {
    return agent
        .events(id.sessionId(), id.runId())
        .thenCompose(
            events ->
                events.isEmpty()
                    ? CompletableFuture.completedFuture(Pair.create(0, "0"))
                    : happenings(id, loop)
                        .filter(each -> each instanceof Told told && told.n() >= events.size())
                        .map(each -> A2aMapper.position((Told) each))
                        .runWith(Sink.headOption(), materializer)
                        .thenApply(place -> Pair.create(events.size(), place.orElse("0"))));
  }

  private Source<Happening, NotUsed> happenings(TaskId id, Loop loop) {
    return runs.of(id.sessionId(), id.runId(), loop);
  }

  /// The task, and then its updates.
  ///
  /// @param isSent whether they answer a message: then the task is shown as it was submitted, since
  ///     a message that comes again gets all updates again; and a question to a person is the end,
  ///     too
  CompletionStage<Said> updates(
      TaskId id, JsonNode run, From from, boolean isSent, Loop loop, Materializer materializer) {
    CompletionStage<Pair<Integer, String>> begin =
        switch (from) {
          case From.TheStart _ -> CompletableFuture.completedFuture(Pair.create(0, "0"));
          case From.Now _ -> position(id, loop, materializer);
          case From.After(String epoch, long seq) ->
              CompletableFuture.completedFuture(Pair.create(0, epoch + ":" + seq));
        };
    return begin.thenCompose(
        begins ->
            (isSent
                    ? CompletableFuture.completedFuture(Tasks.submitted(id, run, begins.second()))
                    : shown(id, run, begins.second(), null))
                .thenApply(
                    task -> {
                      A2aMapper mapper = new A2aMapper(id);
                      ObjectNode first = Json.object().set("task", task);
                      Source<Happening, NotUsed> read =
                          isSent ? untilAsked(id, happenings(id, loop)) : happenings(id, loop);
                      return new Said.Updates(
                          Source.single(new A2aMapper.Update(null, first))
                              .concat(
                                  read.statefulMap(
                                          () -> false,
                                          later(begins.first(), from),
                                          unused -> Optional.empty())
                                      .mapConcat(all -> all)
                                      .mapConcat(mapper::on)));
                    }));
  }

  /// Leaves out what the reader has: everything up to the event where it begins.
  private static Function2<Boolean, Happening, Pair<Boolean, List<Happening>>> later(
      int known, From from) {
    return (isLater, happening) -> {
      boolean isNew =
          switch (happening) {
            case Told told ->
                told.n() > known
                    && !(from instanceof From.After(String epoch, long seq)
                        && told.epoch().equals(epoch)
                        && told.seq() <= seq);
            // Texts belong to the event that follows them.
            case Happening.Written _ -> isLater || known == 0 && !(from instanceof From.After);
          };
      boolean goesOn = isLater || isNew || isLast(happening, known, from);
      return Pair.create(goesOn, isNew ? List.of(happening) : List.of());
    };
  }

  private static boolean isLast(Happening happening, int known, From from) {
    return happening instanceof Told told
        && (told.n() == known
            || from instanceof From.After(String epoch, long seq)
                && told.epoch().equals(epoch)
                && told.seq() == seq);
  }

  private Source<Happening, NotUsed> untilAsked(TaskId id, Source<Happening, NotUsed> happenings) {
    return runs.untilAsked(id.sessionId(), id.runId(), happenings);
  }

  /// Completes when the run has ended, or waits for a person.
  CompletionStage<List<Happening>> end(TaskId id, Loop loop, Materializer materializer) {
    return untilAsked(id, happenings(id, loop))
        .runWith(Sink.takeLast(1), materializer)
        .thenApply(ArrayList::new);
  }
}
