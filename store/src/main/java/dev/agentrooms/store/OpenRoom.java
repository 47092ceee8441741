package dev.agentrooms.store;

import dev.agentrooms.store.RoomStore.StoredEvent;
import java.time.Duration;
import java.util.List;

/// A room as its new owner finds it.
///
/// @param last the `seq` of its last event; 0 for a new room
/// @param events the retained events, oldest first
/// @param life the latest life of the session that delivered here; 0 for none
/// @param n the number of its last delivery
/// @param unused how long it has been unused, not counting the time in which no process was up
public record OpenRoom(
    Handle handle,
    String epoch,
    long last,
    List<StoredEvent> events,
    long life,
    long n,
    Duration unused) {

  public OpenRoom {
    events = List.copyOf(events);
  }

  /// The owner's handle for all further calls.
  public sealed interface Handle permits RoomHandle, NoRooms.NoHandle {

    /// The owner's generation: later owners have higher ones.
    long generation();
  }
}
