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
  private EventIds ids = new EventIds(this::get);
  private volatile long last;
  // What came before that was not there any more when the room was read.
  private volatile long before;
  private volatile @Nullable RoomEnd end;

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

  int capacity() {
    return capacity;
  }

  /// The first retained `seq`, 0 when there is none.
  long first() {
    return first(last);
  }

  private long first(long end) {
    return end == 0 ? 0 : Math.max(before, end - capacity) + 1;
  }

  /// Begins with what was retained of an earlier life of the room's owner.
  ///
  /// @param end the `seq` of the last event
  /// @param events up to the last, oldest first
  void restore(long end, List<EncodedEvent> events) {
    if (end > 0) {
      before = end - events.size();
      slots = new AtomicReferenceArray<>(capacity);
      last = before;
      events.forEach(this::append);
    }
  }

  /// Goes on behind `seq`: what lies between is lost to those who have not read it.
  void skipTo(long seq) {
    if (slots.length() == 0) {
      slots = new AtomicReferenceArray<>(capacity);
    }
    ids = new EventIds(this::get);
    before = seq;
    last = seq;
  }

  /// Adds an event. Only the room does this.
  ///
  /// @return whether another had to go for it
  public boolean append(EncodedEvent event) {
    long seq = last + 1;
    long evicted = seq - capacity;
    if (slots.length() == 0) {
      slots = new AtomicReferenceArray<>(capacity);
    }
    boolean evicts = evicted > before;
    if (evicts) {
      ids.remove(evicted);
    }
    slots.set(slot(seq), event.at(seq));
    last = seq;
    ids.add(seq);
    return evicts;
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

  /// The retained events later than `after`, oldest first, `limit` at most.
  public Retained retained(long after, int limit) {
    while (true) {
      long end = last;
      long oldest = first(end);
      List<RoomEvent> events = new ArrayList<>();
      long seq = after >= end ? end + 1 : Math.max(after + 1, Math.max(oldest, 1));
      RoomEvent event = null;
      while (seq <= end && events.size() < limit && (event = get(seq)) != null) {
        events.add(event);
        seq++;
      }
      if (seq > end || events.size() >= limit) {
        return new Retained(epoch, oldest, end, events);
      }
      // The writer has overtaken us: once more, from what is oldest now.
    }
  }

  /// Where a reader begins who knows `position`; null when it wants live events only.
  public Start startAt(@Nullable Position position) {
    long end = last;
    long oldest = first(end);
    if (position == null) {
      return new Start(end + 1, oldest, end, null);
    }
    long after = position.after();
    boolean sameLife = after == 0 || position.epoch() == null || position.epoch().equals(epoch);
    return sameLife && after <= end && after + 1 >= oldest
        ? new Start(after + 1, oldest, end, true)
        : new Start(Math.max(oldest, 1), oldest, end, false);
  }

  /// Nothing will be appended any more.
  void close(RoomEnd why) {
    end = why;
  }

  /// Why nothing will be appended any more; null while something may be.
  @Nullable RoomEnd end() {
    return end;
  }

  private int slot(long seq) {
    return (int) (seq % capacity);
  }

  /// @param next the `seq` to read first
  /// @param first as of the history at that moment
  /// @param last as of the history at that moment
  /// @param recovered whether nothing is missed; null for one that had no position
  public record Start(long next, long first, long last, @Nullable Boolean recovered) {}
}
