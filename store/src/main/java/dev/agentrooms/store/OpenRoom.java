package dev.agentrooms.store;

import dev.agentrooms.store.RoomStore.StoredEvent;
import java.time.Duration;
import java.util.List;

/// A room as its new owner finds it.
///
/// @param last the `seq` of its last event; 0 for a room that is new
/// @param events the newest, oldest first
/// @param life the latest life of the session that has delivered here, 0 when none has
/// @param n the number of its last delivery
/// @param unused how long it has not been in use, time in which no process was up not counted
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

  /// What stands for the room in all that its owner asks.
  public sealed interface Handle permits RoomHandle, NoRooms.NoHandle {}
}
