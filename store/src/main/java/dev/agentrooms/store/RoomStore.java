package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The logs of rooms: events numbered 1, 2, 3 … within one *epoch*, of which the newest are kept.
///
/// Like a session, a room has one owner, which opens it, and which the next owner fences. For
/// example: in epoch `3f2a` the log ends with `seq` 12; the owner appends 13 and 14; the room
/// keeps the newest 200.
public interface RoomStore {

  /// Takes ownership of a room and reads its retained events. A new room is created by its first
  /// event.
  ///
  /// @param epoch that of a new room; null for [#freshEpoch]
  /// @param historySize how many events are kept
  CompletionStage<OpenRoom> open(String sessionId, @Nullable String epoch, int historySize);

  /// The epoch of a room that is not there, which it has when it is made.
  CompletionStage<String> freshEpoch(String sessionId);

  /// Appends the next event. Any number may be in flight; they are stored and acknowledged in
  /// order. When one fails, so do all behind it that were appended before the failure was
  /// reported, and its `seq` is used again.
  ///
  /// After [StoreFailure.Fenced] and [StoreFailure.OutcomeUnknown] the room has to be opened
  /// again.
  ///
  /// @param seq one more than that of the previous event
  /// @param delivered how far the session has delivered here, this event included
  /// @param by how far its producer has come with it; null for one that numbers nothing
  void append(
      OpenRoom.Handle room,
      long seq,
      String eventId,
      byte[] body,
      Delivered delivered,
      @Nullable RoomProducer by,
      Appended answer);

  /// Records how far a producer has come whose event is there already.
  CompletionStage<Void> produced(OpenRoom.Handle room, RoomProducer by);

  /// Makes a room that has no event yet.
  ///
  /// @return false when it is there
  CompletionStage<Boolean> make(OpenRoom.Handle room);

  /// Events after `after`, oldest first, at most `limit`; also of a room with another owner. Empty
  /// when there is no such room.
  CompletionStage<Optional<RoomPage>> read(String sessionId, long after, int limit);

  /// Marks the room as used, because it is watched. Appending counts as use as well.
  CompletionStage<Void> touch(OpenRoom.Handle room);

  /// Removes the room and its events. If it is created again, it needs another epoch. How far its
  /// session had delivered is known for a while still.
  CompletionStage<Void> forget(OpenRoom.Handle room);

  /// Removes rooms that have been unused for `ttl`, not counting the time in which no process was
  /// up. At most 64 per call, so that others are not blocked for long; call again until the answer
  /// is empty.
  ///
  /// @return the sessions whose rooms were removed
  CompletionStage<List<String>> forgetUnused(Duration ttl);

  /// The outcome of an append; called once.
  interface Appended {

    void stored(long seq);

    void failed(long seq, StoreFailure why);
  }

  /// How far a session has delivered to its room.
  ///
  /// @param life the latest life of the session that has; 0 for none
  /// @param n the number of its last delivery
  /// @param owner the user whom that session belongs to; null for nobody
  record Delivered(long life, long n, @Nullable String owner) {
    public static final Delivered NOTHING = new Delivered(0, 0, null);
  }

  record StoredEvent(long seq, String eventId, byte[] body) {}

  /// @param first the `seq` of the oldest retained event
  /// @param last that of the newest
  record RoomPage(String epoch, long first, long last, List<StoredEvent> events) {

    public RoomPage {
      events = List.copyOf(events);
    }
  }
}
