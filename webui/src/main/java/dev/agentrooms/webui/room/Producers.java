package dev.agentrooms.webui.room;

import dev.agentrooms.store.RoomProducer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far those have come in a room that number their requests. A request whose events were not
/// all taken, because the server went away, is gone on with where it stopped.
final class Producers {

  // A place is the request's number times this, and how many of its events were taken.
  private static final int PLACES = 1024;
  private static final int ALL = PLACES - 1;

  private final Map<String, RoomProducer> known = new HashMap<>(1);

  Producers(Collection<RoomProducer> recorded) {
    recorded.forEach(this::took);
  }

  void took(RoomProducer by) {
    known.put(by.id(), by);
  }

  @Nullable RoomProducer of(String id) {
    return known.get(id);
  }

  /// How far a producer has come when this is taken.
  static RoomProducer with(Producer by) {
    int taken = by.part() == by.parts() ? ALL : by.part();
    return new RoomProducer(by.id(), by.epoch(), by.seq() * PLACES + taken);
  }

  /// Why this is not what comes next; null when it is.
  ///
  /// @param before how far its producer has come; null for one that has not begun
  static Published.@Nullable OutOfTurn judge(@Nullable RoomProducer before, Producer by) {
    if (before == null) {
      return isBeginning(by) ? null : new Published.Gap(0, by.seq());
    }
    if (by.epoch() < before.epoch()) {
      return new Published.Stale(before.epoch());
    }
    if (by.epoch() > before.epoch()) {
      return isBeginning(by) ? null : new Published.NotAtZero();
    }
    long seq = before.place() / PLACES;
    int taken = (int) (before.place() % PLACES);
    if (by.seq() < seq || (by.seq() == seq && by.part() <= taken)) {
      return new Published.Repeated(taken == ALL ? seq : Math.max(by.seq(), seq - 1));
    }
    long next = taken == ALL ? seq + 1 : seq;
    int nextPart = taken == ALL ? 1 : taken + 1;
    return by.seq() == next && by.part() == nextPart ? null : new Published.Gap(next, by.seq());
  }

  private static boolean isBeginning(Producer by) {
    return by.seq() == 0 && by.part() == 1;
  }
}
