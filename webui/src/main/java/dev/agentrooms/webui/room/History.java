package dev.agentrooms.webui.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The last events of a room, by `seq`: a ring that one writer fills and any number of readers, on
/// any thread, follow at their own pace.
///
/// `seq` counts 1, 2, 3 … within one `epoch`. The ring holds exactly `capacity` events; a reader
/// whose event has been overwritten has lagged. An event carries its `seq`, and the writer moves
/// `last` after it has filled the slot, so a reader either finds its event or knows why not.
public final class History {

  private static final AtomicReferenceArray<RoomEvent> NO_SLOTS = new AtomicReferenceArray<>(0);

  private final String epoch;
  private final int capacity;
  // Made for the first event, and read only by who has seen that `last` counts it.
  private AtomicReferenceArray<RoomEvent> slots = NO_SLOTS;
  private final EventIds ids = new EventIds(this::get);
  private volatile long last;
  private volatile boolean closed;

  public History(String epoch, int capacity) {
    this.epoch = epoch;
    this.capacity = capacity;
  }

  String epoch() {
    return epoch;
  }

  /// The last `seq`, 0 when there is none.
  public long last() {
    return last;
  }

  boolean isEmpty() {
    return last == 0;
  }

  /// The first retained `seq`, 0 when there is none.
  long first() {
    return Math.max(Math.min(last, 1), last - capacity + 1);
  }

  /// Adds an event. Only the room does this.
  ///
  /// @return whether another had to go for it
  public boolean append(EncodedEvent event) {
    long seq = last + 1;
    long evicted = seq - capacity;
    if (isEmpty()) {
      slots = new AtomicReferenceArray<>(capacity);
    }
    if (evicted > 0) {
      ids.remove(evicted);
    }
    slots.set(slot(seq), event.at(seq));
    last = seq;
    ids.add(seq);
    return evicted > 0;
  }

  /// Where the retained event with this id is, 0 when there is none. Only the room asks.
  public long seqOf(String eventId) {
    return ids.seqOf(eventId);
  }

  /// The event at `seq`; null when it has not come yet, or is gone.
  public @Nullable RoomEvent get(long seq) {
    if (seq < 1 || seq > last) {
      return null;
    }
    RoomEvent event = slots.get(slot(seq));
    return event != null && event.seq() == seq ? event : null;
  }

  /// All retained events later than `after`, oldest first, `limit` at most. Only the room asks.
  public List<RoomEvent> after(long after, int limit) {
    List<RoomEvent> events = new ArrayList<>();
    long from = after >= last ? last + 1 : Math.max(after + 1, first());
    for (long seq = from; seq <= last && events.size() < limit; seq++) {
      RoomEvent event = get(seq);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  /// Where a reader begins who knows `position`; null when it wants live events only.
  public Start startAt(@Nullable Position position) {
    if (position == null) {
      return new Start(last + 1, null);
    }
    long after = position.after();
    boolean sameLife = after == 0 || position.epoch() == null || position.epoch().equals(epoch);
    long oldest = last == 0 ? 1 : first();
    return sameLife && after <= last && after + 1 >= oldest
        ? new Start(after + 1, true)
        : new Start(oldest, false);
  }

  /// The room is gone: nothing will be appended any more.
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  private int slot(long seq) {
    return (int) (seq % capacity);
  }

  /// @param next the `seq` to read first
  /// @param recovered whether nothing is missed; null for one that had no position
  public record Start(long next, @Nullable Boolean recovered) {}
}
