package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.store.RoomProducer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where rooms record their events. Nobody is told of an event before it is recorded.
interface RoomLog {

  /// Takes a room over, and reads what is retained of it. A room that is not there is made by its
  /// first event.
  ///
  /// @param epoch with which a room begins that is not there; null where the log knows it
  CompletionStage<Opening> open(String sessionId, @Nullable String epoch);

  /// What is retained of a room that nobody has to own; nothing when there is no such room.
  CompletionStage<Optional<Reading>> read(String sessionId, long after, int limit);

  /// What a node has missed of a room: events that are still there, although the room may not
  /// retain them any more.
  CompletionStage<Reading> missed(String sessionId, long after, int limit);

  /// Whether a room's next life, on this node or another, goes on where this one ends.
  boolean lasts();

  /// Why everything would be refused now; null when no reason is known.
  @Nullable Refused trouble();

  sealed interface Opening {}

  record NotOpened(Refused why) implements Opening {}

  /// @param last the `seq` of the last event; 0 for a room that has none
  /// @param events the newest, oldest first, up to the last
  /// @param isThere whether the room is recorded; it may have no event yet
  /// @param delivered the session's latest delivery here; null when there was none
  /// @param before the session's latest delivery to the room's last life, until it delivers to this
  /// @param producers how far those have come that number their requests
  /// @param unused how long it has not been in use, as far as a server was up
  record Opened(
      Writer writer,
      String epoch,
      long last,
      List<EncodedEvent> events,
      boolean isThere,
      @Nullable Delivery delivered,
      @Nullable Delivery before,
      List<RoomProducer> producers,
      Duration unused)
      implements Opening {}

  /// The log of one room, for the one who opened it last.
  interface Writer {

    /// Later owners have higher ones.
    long generation();

    /// Adds the next event. Any number may be under way. When one fails, so do all that were
    /// appended behind it before its failure was told, and the next one has its `seq` again.
    ///
    /// @param delivered the session's latest delivery, this event included
    /// @param by how far its producer has come with it; null for one that numbers nothing
    /// @return whether the event is recorded already; otherwise `receipt` is told
    boolean append(
        long seq,
        EncodedEvent event,
        @Nullable Delivery delivered,
        @Nullable RoomProducer by,
        Receipt receipt);

    /// Records how far a producer has come whose event is there already.
    ///
    /// @return whether it is recorded
    CompletionStage<Boolean> produced(RoomProducer by);

    /// Records the room, which has no event yet.
    CompletionStage<Change> make();

    /// Says that the room is in use. Appending says so by itself.
    void touch();

    /// Removes the room.
    ///
    /// @return whether it is gone
    CompletionStage<Boolean> forget();
  }

  /// Hears of one event, once, on any thread, in the order in which events were appended.
  interface Receipt {

    void recorded();

    void failed(Failure why);
  }

  enum Failure {
    UNAVAILABLE,
    FULL,

    /// It may be recorded. The room has to be opened anew, which tells.
    UNKNOWN,

    /// Another has opened the room.
    FENCED;

    Refused refusal() {
      return this == FULL ? Refused.STORE_FULL : Refused.STORE_UNAVAILABLE;
    }
  }
}
