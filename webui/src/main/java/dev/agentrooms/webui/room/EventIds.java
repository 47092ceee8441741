package dev.agentrooms.webui.room;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Where each retained event is, by its id: a hash table of numbers, with open addressing.
///
/// A room looks up each event that comes and forgets each that goes. The ids stay with the events;
/// a map of them would be several objects more for each event, all over the memory.
final class EventIds {

  private static final int FREE = 0;
  private static final int MIN_SIZE = 16;

  private final LongFunction<@Nullable RoomEvent> events;
  private long[] seqs = new long[MIN_SIZE];
  private int[] hashes = new int[MIN_SIZE];
  private int count;

  /// @param events by their `seq`
  EventIds(LongFunction<@Nullable RoomEvent> events) {
    this.events = events;
  }

  /// The `seq` of the event with this id, 0 when there is none.
  long seqOf(String eventId) {
    int hash = hash(eventId);
    for (int i = home(hash); seqs[i] != FREE; i = next(i)) {
      if (hashes[i] == hash && idAt(seqs[i]).equals(eventId)) {
        return seqs[i];
      }
    }
    return 0;
  }

  /// @param seq of an event whose id is not there yet
  void add(long seq) {
    if (++count > seqs.length / 2) {
      grow();
    }
    put(seq, hash(idAt(seq)));
  }

  /// @param seq of an event that is there
  void remove(long seq) {
    int at = home(hash(idAt(seq)));
    while (seqs[at] != seq) {
      at = next(at);
    }
    count--;
    // What comes behind moves up, unless it would come to stand before its home.
    for (int i = next(at); seqs[i] != FREE; i = next(i)) {
      if (distance(home(hashes[i]), i) >= distance(at, i)) {
        seqs[at] = seqs[i];
        hashes[at] = hashes[i];
        at = i;
      }
    }
    seqs[at] = FREE;
  }

  private void grow() {
    long[] oldSeqs = seqs;
    int[] oldHashes = hashes;
    seqs = new long[2 * oldSeqs.length];
    hashes = new int[2 * oldSeqs.length];
    for (int i = 0; i < oldSeqs.length; i++) {
      if (oldSeqs[i] != FREE) {
        put(oldSeqs[i], oldHashes[i]);
      }
    }
  }

  private void put(long seq, int hash) {
    int at = home(hash);
    while (seqs[at] != FREE) {
      at = next(at);
    }
    seqs[at] = seq;
    hashes[at] = hash;
  }

  private String idAt(long seq) {
    RoomEvent event = events.apply(seq);
    if (event == null) {
      throw new IllegalStateException("no event " + seq);
    }
    return event.eventId();
  }

  // Ids are often alike, and differ at their ends only.
  private static int hash(String id) {
    int mixed = id.hashCode() * 0x9e3779b9;
    return mixed ^ mixed >>> 15;
  }

  private int home(int hash) {
    return hash & seqs.length - 1;
  }

  private int next(int at) {
    return at + 1 & seqs.length - 1;
  }

  private int distance(int from, int to) {
    return to - from & seqs.length - 1;
  }
}
