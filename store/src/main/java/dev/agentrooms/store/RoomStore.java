package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The logs of rooms: events numbered 1, 2, 3 … within one *epoch*, of which the newest are kept.
///
/// As a session, a room has one owner, who opens it, and whom the next one fences.
public interface RoomStore {

  /// Takes a room over and reads what it retains. One that is not there begins with `epoch`, and is
  /// made by its first event.
  ///
  /// @param historySize how many events are kept
  CompletionStage<OpenRoom> open(String sessionId, String epoch, int historySize);

  /// Adds the next event. Any number may be under way; they are stored and answered in order. When
  /// one fails, so do all behind it that were appended before its failure was told, and the next
  /// one has its `seq` again.
  ///
  /// After [StoreFailure.Fenced] and [StoreFailure.OutcomeUnknown] the room has to be opened anew.
  ///
  /// @param seq one more than that of the event before
  /// @param life the latest life of the session that has delivered here, this event included
  /// @param n the number of its last delivery
  void append(
      OpenRoom.Handle room,
      long seq,
      String eventId,
      byte[] body,
      long life,
      long n,
      Appended answer);

  /// Events after `after`, oldest first, at most `limit`; of a room that may have another owner.
  /// Empty when there is no such room.
  CompletionStage<Optional<RoomPage>> read(String sessionId, long after, int limit);

  /// Somebody watches the room, so it is in use. Appending counts as use by itself.
  CompletionStage<Void> touch(OpenRoom.Handle room);

  /// Removes the room and its events. Its next life needs another epoch.
  CompletionStage<Void> forget(OpenRoom.Handle room);

  /// Forgets rooms that have not been in use for `ttl`, time in which no process was up not
  /// counted: up to 64, so that nobody waits for long. Ask again until there are none.
  ///
  /// @return the sessions whose rooms are gone
  CompletionStage<List<String>> forgetUnused(Duration ttl);

  /// What happened to an event that was appended; called once.
  interface Appended {

    void stored(long seq);

    void failed(long seq, StoreFailure why);
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
