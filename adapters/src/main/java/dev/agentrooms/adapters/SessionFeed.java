package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.watch.RoomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// All runs of a session in the order of its room, those that are still to come as well.
///
/// It begins with what the room retains, and has one run whole, whatever the room has evicted. It
/// ends when the reader lags, the room leaves or the server stops; whoever reads comes back.
public final class SessionFeed {

  /// What is read.
  public sealed interface Part {

    /// Always the first.
    ///
    /// @param seq the room's last event by then; 0 for none
    record Joined(String epoch, long seq) implements Part {}

    record Of(String runId, Happening what) implements Part {}
  }

  private static final Position FROM_THE_FIRST = new Position(0, null);
  // A place that no event has.
  private static final long NOWHERE = -1;

  private final AgentApi agent;
  private final Rooms rooms;
  private final RunFeed runs;

  public SessionFeed(AgentApi agent, Rooms rooms, RunFeed runs) {
    this.agent = agent;
    this.rooms = rooms;
    this.runs = runs;
  }

  /// @param whole the run that is told from its first event; null for none
  /// @param loop where the stream runs
  public Source<Part, NotUsed> of(String sessionId, @Nullable String whole, Loop loop) {
    return Source.lazySource(
            () -> {
              Reader reader = new Reader(sessionId, whole);
              return Source.fromGraph(new RoomSource(rooms, sessionId, FROM_THE_FIRST, loop))
                  .mapAsync(1, reader::read)
                  .mapConcat(parts -> parts);
            })
        .mapMaterializedValue(later -> NotUsed.getInstance());
  }

  private final class Reader {

    private final String sessionId;
    private final @Nullable String whole;
    private final Map<String, Telling> tellings = new HashMap<>();
    private String epoch = "";

    private Reader(String sessionId, @Nullable String whole) {
      this.sessionId = sessionId;
      this.whole = whole;
    }

    private CompletionStage<List<Part>> read(RoomSource.Part part) {
      return switch (part) {
        case RoomSource.Part.Joined(var room) -> {
          epoch = room.epoch();
          Part joined = new Part.Joined(epoch, room.seq());
          yield whole == null
              ? CompletableFuture.completedFuture(List.of(joined))
              : begun(whole, room.seq(), room.firstSeq(), joined);
        }
        case RoomSource.Part.Event(RoomEvent event) -> {
          ObjectNode json = (ObjectNode) Json.parseAnswer(event.json().toArrayUnsafe());
          String runId = json.path("run_id").asText("");
          yield runId.isEmpty() || tellings.containsKey(runId)
              ? CompletableFuture.completedFuture(happened(event.seq(), runId, json))
              : past(runId)
                  .thenApply(
                      telling -> {
                        telling.joined(epoch, NOWHERE, 1);
                        return happened(event.seq(), runId, json);
                      });
        }
      };
    }

    private CompletionStage<List<Part>> begun(String runId, long seq, long first, Part joined) {
      return past(runId)
          .thenCompose(
              telling ->
                  first > 1 || seq == 0
                      ? runs.place(sessionId, telling)
                      : CompletableFuture.completedFuture(telling))
          .thenApply(
              telling -> {
                List<Part> parts = new ArrayList<>(List.of(joined));
                add(parts, runId, telling.joined(epoch, seq, first));
                return parts;
              });
    }

    private CompletionStage<Telling> past(String runId) {
      Telling telling = new Telling(runId);
      tellings.put(runId, telling);
      return agent
          .events(sessionId, runId)
          .thenApply(
              events -> {
                telling.past(events);
                return telling;
              });
    }

    private List<Part> happened(long seq, String runId, ObjectNode json) {
      List<Part> parts = new ArrayList<>();
      Telling telling = tellings.get(runId);
      if (telling != null && seq == 0) {
        add(
            parts,
            runId,
            telling.on(
                runId,
                json.path("part").asText(),
                json.path("offset").asLong(),
                json.path("text").asText()));
        return parts;
      }
      // The others' events tell the whole run what the room retains of it.
      Telling first = whole == null || whole.equals(runId) ? null : tellings.get(whole);
      if (first != null && whole != null) {
        add(parts, whole, first.on(seq, json));
      }
      if (telling != null) {
        add(parts, runId, telling.on(seq, json));
      }
      return parts;
    }

    private static void add(List<Part> parts, String runId, List<Happening> happened) {
      happened.forEach(each -> parts.add(new Part.Of(runId, each)));
    }
  }
}
