package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamAppended;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamMade;
import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import dev.agentrooms.store.StreamWish;
import dev.agentrooms.webui.room.Change;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Retained;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/// Rooms among the streams: `rooms/{session_id}` is the room of that session, one JSON message for
/// each progress event. Its offsets are the positions that sockets have. Every other path is the
/// store's.
final class RoomStreams implements StreamStore {

  private static final String PREFIX = "rooms/";
  private static final String JSON = "application/json";
  private static final int PAGE_EVENTS = 1000;
  private static final String LIVES_BY_ITSELF =
      "A room ends when nobody has used it for its time; it has no time of its own, is not closed,"
          + " and has no forks.";

  private final StreamStore others;
  private final Rooms rooms;
  private final RoomWriting writing;

  /// @param pushed is told of each event
  RoomStreams(StreamStore others, Rooms rooms, BiConsumer<ProgressEvent, ProgressAck> pushed) {
    this.others = others;
    this.rooms = rooms;
    this.writing = new RoomWriting(rooms, pushed);
  }

  /// A room that did not do what it was asked.
  static final class RoomRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Refused why;
    private final String sessionId;

    RoomRefused(Refused why, String sessionId) {
      super(why.toString(), null, false, false);
      this.why = why;
      this.sessionId = sessionId;
    }

    Refused why() {
      return why;
    }

    String sessionId() {
      return sessionId;
    }
  }

  static boolean isRoom(String path) {
    return path.startsWith(PREFIX);
  }

  static String path(String sessionId) {
    return PREFIX + sessionId;
  }

  /// @throws InvalidField when it is no session's
  static String sessionId(String path) {
    return SessionId.checked("path", path.substring(PREFIX.length()));
  }

  @Override
  public CompletionStage<StreamMade> make(StreamWish wish) {
    StreamWish.Fork fork = wish.fork();
    if (!isRoom(wish.path())) {
      return fork != null && isRoom(fork.source())
          ? CompletableFuture.completedFuture(new StreamMade.SourceUnfit(LIVES_BY_ITSELF))
          : others.make(wish);
    }
    String sessionId = sessionId(wish.path());
    if (fork != null || wish.isClosed() || wish.ttlSeconds() >= 0 || wish.expiresAt() >= 0) {
      return CompletableFuture.completedFuture(new StreamMade.Taken(LIVES_BY_ITSELF));
    }
    if (wish.contentType() != null && !StreamInfo.isJson(wish.contentType())) {
      return CompletableFuture.completedFuture(
          new StreamMade.Taken("A room's content type is application/json."));
    }
    List<ProgressEvent> events = RoomWriting.events(sessionId, wish.messages());
    return rooms
        .make(sessionId)
        .thenCompose(
            change -> {
              boolean wasThere = wasThere(sessionId, change);
              return writing
                  .all(wasThere ? List.of() : events)
                  .thenCompose(done -> described(wish.path(), sessionId))
                  .thenApply(
                      room -> wasThere ? new StreamMade.Exists(room) : new StreamMade.Made(room));
            });
  }

  private static boolean wasThere(String sessionId, Change change) {
    return switch (change) {
      case Change.Done(boolean wasThere) -> wasThere;
      case Refused why -> throw new RoomRefused(why, sessionId);
    };
  }

  private CompletionStage<StreamInfo> described(String path, String sessionId) {
    return retained(sessionId, 0, 1).thenApply(room -> info(path, room));
  }

  @Override
  public CompletionStage<StreamAppended> append(String path, StreamAppend what) {
    if (!isRoom(path)) {
      return others.append(path, what);
    }
    String sessionId = sessionId(path);
    if (what.closes()) {
      return CompletableFuture.completedFuture(new StreamAppended.Unfit(LIVES_BY_ITSELF));
    }
    if (what.writerSeq() != null) {
      return CompletableFuture.completedFuture(
          new StreamAppended.Unfit(
              "A room takes each event_id once; it has producers, and no Stream-Seq."));
    }
    if (what.contentType() == null || !StreamInfo.isJson(what.contentType())) {
      return CompletableFuture.completedFuture(
          new StreamAppended.Unfit("A room's content type is application/json."));
    }
    List<ProgressEvent> events = RoomWriting.events(sessionId, what.messages());
    StreamAppend.Producer by = what.producer();
    return by == null
        ? writing
            .all(events)
            .thenCompose(done -> described(path, sessionId))
            .thenApply(stream -> new StreamAppended.Done(stream, true, 0))
        : writing
            .inTurn(events, by)
            .thenCompose(
                outcome ->
                    described(path, sessionId).thenApply(room -> appended(outcome, by, room)));
  }

  private static StreamAppended appended(
      RoomWriting.Outcome outcome, StreamAppend.Producer by, StreamInfo room) {
    return switch (outcome.outOfTurn()) {
      case null -> new StreamAppended.Done(room, true, by.seq());
      case Published.Repeated(long highest) -> new StreamAppended.Done(room, false, highest);
      case Published.Stale(long epoch) -> new StreamAppended.StaleProducer(epoch);
      case Published.NotAtZero _ -> new StreamAppended.NotAtZero();
      case Published.Gap(long expected, long received) ->
          new StreamAppended.Gap(expected, received);
    };
  }

  @Override
  public CompletionStage<Deleted> delete(String path) {
    if (!isRoom(path)) {
      return others.delete(path);
    }
    String sessionId = sessionId(path);
    return rooms
        .forget(sessionId)
        .thenApply(change -> wasThere(sessionId, change) ? Deleted.DONE : Deleted.MISSING);
  }

  @Override
  public CompletionStage<StreamPage> read(String path, long after, int bytes) {
    if (!isRoom(path)) {
      return others.read(path, after, bytes);
    }
    return retained(sessionId(path), Math.max(0, after), bytes == 0 ? 1 : PAGE_EVENTS)
        .thenApply(
            room ->
                bytes > 0 && after >= 0 && after < room.firstSeq() - 1
                    ? new StreamPage.NotRetained()
                    : page(path, room, after, bytes));
  }

  private CompletionStage<Retained> retained(String sessionId, long after, int limit) {
    return rooms
        .read(sessionId, after, limit)
        .thenApply(
            reading ->
                switch (reading) {
                  case Retained room -> room;
                  case Refused why -> throw new RoomRefused(why, sessionId);
                });
  }

  private static StreamPage page(String path, Retained room, long after, int bytes) {
    List<byte[]> messages = new ArrayList<>();
    long last = Math.max(0, after);
    long left = bytes;
    for (RoomEvent event : room.events()) {
      byte[] json = event.json().toArray();
      if (bytes == 0 || (left < json.length && !messages.isEmpty())) {
        break;
      }
      left -= json.length;
      messages.add(json);
      last = event.seq();
    }
    return new StreamPage.Found(info(path, room), messages, last);
  }

  private static StreamInfo info(String path, Retained room) {
    return new StreamInfo(
        Long.parseLong(room.epoch(), Character.MAX_RADIX),
        path,
        room.epoch(),
        JSON,
        room.lastSeq(),
        false,
        -1,
        -1);
  }

  // A room that somebody uses lives on.
  @Override
  public CompletionStage<Void> touch(String path) {
    return isRoom(path) ? CompletableFuture.completedFuture(null) : others.touch(path);
  }

  @Override
  public CompletionStage<Map<String, State>> states(Collection<String> paths) {
    return others.states(paths.stream().filter(path -> !isRoom(path)).toList());
  }

  @Override
  public CompletionStage<List<String>> forgetExpired() {
    return others.forgetExpired();
  }
}
