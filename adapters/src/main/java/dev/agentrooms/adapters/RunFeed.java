package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Places.Anchor;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Reading;
import dev.agentrooms.webui.room.Retained;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.watch.RoomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// A run from its first event to its last, for as long as the run can be read: what is past at
/// once, the rest as it happens.
///
/// The stream ends with the run. It ends before when the server stops or the room cannot be
/// reached; whoever reads comes back.
public final class RunFeed {

  private static final Position FROM_THE_FIRST = new Position(0, null);
  private static final int NEIGHBOURS = 32;

  // Each time the room goes or the reader lags, which is seldom twice in a row.
  private static final int JOINS = 100;

  private final AgentApi agent;
  private final Rooms rooms;

  public RunFeed(AgentApi agent, Rooms rooms) {
    this.agent = agent;
    this.rooms = rooms;
  }

  /// @param loop where the stream runs
  public Source<Happening, NotUsed> of(String sessionId, String runId, Loop loop) {
    // What is read of a stream is read on other threads.
    RunFeed bound = new RunFeed(agent.bound(), rooms);
    return Source.lazySource(() -> bound.read(sessionId, runId, loop, new Telling(runId), JOINS))
        .mapMaterializedValue(later -> NotUsed.getInstance());
  }

  /// The same, ended early when the run asks a person and has no answer yet.
  public Source<Happening, NotUsed> settling(String sessionId, String runId, Loop loop) {
    return untilAsked(sessionId, runId, of(sessionId, runId, loop));
  }

  /// What a run has told so far, texts included, without its places in the room.
  public CompletionStage<List<Happening>> past(String sessionId, String runId) {
    return agent
        .events(sessionId, runId)
        .thenApply(
            events -> {
              Parts parts = new Parts();
              List<Happening> past = new ArrayList<>();
              for (ObjectNode event : events) {
                Happening.Told told = new Happening.Told(past.size() + 1, "", 0, event);
                past.addAll(parts.rest(told.meta()));
                past.add(told);
              }
              return past;
            });
  }

  private Source<Happening, NotUsed> read(
      String sessionId, String runId, Loop loop, Telling run, int joins) {
    Source<Happening, NotUsed> once =
        Source.completionStageSource(
                past(sessionId, runId, run).thenApply(done -> joined(sessionId, loop, run)))
            .mapMaterializedValue(later -> NotUsed.getInstance());
    return once.concatLazy(
        Source.lazySource(
                () -> {
                  boolean ends = run.isOver() || joins == 0 || run.told() == 0;
                  return ends
                      ? Source.<Happening>empty()
                      : read(sessionId, runId, loop, run, joins - 1);
                })
            .mapMaterializedValue(later -> NotUsed.getInstance()));
  }

  private Source<Happening, NotUsed> joined(String sessionId, Loop loop, Telling run) {
    return Source.fromGraph(new RoomSource(rooms, sessionId, FROM_THE_FIRST, loop))
        .mapAsync(1, part -> placed(sessionId, run, part))
        .mapConcat(part -> happened(run, part))
        .takeWhile(each -> !isLast(each), true);
  }

  private static boolean isLast(Happening each) {
    return each instanceof Happening.Told told && told.isTerminal();
  }

  private static List<Happening> happened(Telling run, RoomSource.Part part) {
    return switch (part) {
      case RoomSource.Part.Joined(var room) ->
          run.joined(room.epoch(), room.seq(), room.firstSeq());
      case RoomSource.Part.Event(RoomEvent event) -> {
        ObjectNode json = (ObjectNode) Json.parseAnswer(event.json().toArrayUnsafe());
        yield event.isDelta()
            ? run.on(
                json.path("run_id").asText(),
                json.path("part").asText(),
                json.path("offset").asLong(),
                json.path("text").asText())
            : run.on(event.seq(), json);
      }
    };
  }

  private CompletionStage<NotUsed> past(String sessionId, String runId, Telling run) {
    return agent
        .events(sessionId, runId)
        .thenApply(
            events -> {
              run.past(events);
              return NotUsed.getInstance();
            });
  }

  /// Where the room does not retain the session's first events, it may not say where those of the
  /// run had their places.
  private CompletionStage<RoomSource.Part> placed(
      String sessionId, Telling run, RoomSource.Part part) {
    boolean isAsked =
        part instanceof RoomSource.Part.Joined(var room)
            && (room.firstSeq() > 1 || room.seq() == 0);
    return isAsked
        ? place(sessionId, run).thenApply(placed -> part)
        : CompletableFuture.completedFuture(part);
  }

  /// Has a run know the places of those of its events that the room does not retain.
  CompletionStage<Telling> place(String sessionId, Telling run) {
    return rooms
        .read(sessionId, 0, 1)
        .thenCompose(
            reading -> {
              Anchor anchor = anchor(reading);
              return run.mayBeEvicted(anchor)
                  ? runs(sessionId)
                      .thenCompose(
                          runs -> told(sessionId, near(runs, run.runId(), anchor), List.of()))
                      .thenApply(told -> run.placed(Places.of(told, anchor)))
                  : CompletableFuture.completedFuture(run);
            });
  }

  /// What happens up to the run's end, or to a question to a person that nobody has answered yet.
  public Source<Happening, NotUsed> untilAsked(
      String sessionId, String runId, Source<Happening, NotUsed> happenings) {
    record Seen(Happening happening, boolean isAsked) {}
    AgentApi own = agent.bound();
    return happenings
        .mapAsync(
            1,
            each ->
                own.isStillAsked(sessionId, runId, each)
                    .thenApply(isAsked -> new Seen(each, isAsked)))
        .takeWhile(seen -> !seen.isAsked(), true)
        .map(Seen::happening);
  }

  private static @Nullable Anchor anchor(Reading reading) {
    if (!(reading instanceof Retained retained) || retained.events().isEmpty()) {
      return null;
    }
    RoomEvent oldest = retained.events().getFirst();
    JsonNode json = Json.parseAnswer(oldest.json().toArrayUnsafe());
    return new Anchor(
        oldest.seq(),
        json.path("event_id").asText(),
        json.path("run_id").asText(),
        json.path("ts").asText());
  }

  /// The session's runs, in the order of their questions.
  private CompletionStage<List<String>> runs(String sessionId) {
    return agent
        .conversation(sessionId, null)
        .thenApply(
            messages ->
                messages.stream()
                    .filter(message -> message.path("role").asText().equals("user"))
                    .map(message -> message.path("run_id").asText())
                    .toList());
  }

  /// Those that lie between the run and what is retained, and some on either side, which may have
  /// waited there.
  private static List<String> near(List<String> runs, String runId, @Nullable Anchor anchor) {
    int place = Math.max(0, runs.indexOf(runId));
    int end = anchor == null ? place : Math.max(place, runs.indexOf(anchor.runId()));
    return runs.subList(
        anchor == null ? 0 : Math.max(0, place - NEIGHBOURS),
        Math.min(runs.size(), end + 1 + NEIGHBOURS));
  }

  private CompletionStage<List<List<ObjectNode>>> told(
      String sessionId, List<String> runs, List<List<ObjectNode>> found) {
    if (found.size() == runs.size()) {
      return CompletableFuture.completedFuture(found);
    }
    return agent
        .events(sessionId, runs.get(found.size()))
        .thenCompose(
            events -> {
              List<List<ObjectNode>> more = new ArrayList<>(found);
              more.add(events);
              return told(sessionId, runs, more);
            });
  }
}
