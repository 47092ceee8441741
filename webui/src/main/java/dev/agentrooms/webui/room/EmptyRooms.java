package dev.agentrooms.webui.room;

import java.util.concurrent.atomic.AtomicInteger;

/// How many rooms of this node are watched and have no event yet. Anybody can make such a room by
/// watching a name that was made up, so there is a limit.
final class EmptyRooms {

  private final int max;
  private final AtomicInteger count = new AtomicInteger();

  EmptyRooms(int max) {
    this.max = max;
  }

  /// Counts one more room.
  ///
  /// @return false when there are as many as there may be
  boolean enter() {
    return count.getAndUpdate(before -> Math.min(max, before + 1)) < max;
  }

  /// A room that was counted has an event, or nobody watches it any more.
  void leave() {
    count.decrementAndGet();
  }

  boolean isFull() {
    return count.get() >= max;
  }

  int count() {
    return count.get();
  }
}
