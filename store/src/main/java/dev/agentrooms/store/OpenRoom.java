package dev.agentrooms.store;

import dev.agentrooms.store.RoomStore.StoredEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A room as its new owner finds it.
///
/// @param last the `seq` of its last event; 0 for a new room
/// @param events the retained events, oldest first
/// @param life the latest life of the session that delivered here; 0 for none
/// @param n the number of its last delivery
/// @param owner the user whom that session belongs to; null for nobody
/// @param before how far a session had delivered to the room's last life; nothing, once one has
///     delivered to this life
/// @param isThere whether it is recorded; also true of one that was made and has no event yet
/// @param producers how far those have come that number their requests
/// @param unused how long it has been unused, not counting the time in which no process was up
public record OpenRoom(
    Handle handle,
    String epoch,
    long last,
    List<StoredEvent> events,
    long life,
    long n,
    @Nullable String owner,
    RoomStore.Delivered before,
    boolean isThere,
    List<RoomProducer> producers,
    Duration unused) {

  public OpenRoom {
    events = List.copyOf(events);
    producers = List.copyOf(producers);
  }

  /// The owner's handle for all further calls.
  public sealed interface Handle permits RoomHandle, NoRooms.NoHandle {

    /// The owner's generation: later owners have higher ones.
    long generation();
  }
}
