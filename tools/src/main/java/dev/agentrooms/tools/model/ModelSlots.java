package dev.agentrooms.tools.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// The places for calls at the same time. Who finds none waits in line.
final class ModelSlots {

  private final Deque<Runnable> line = new ArrayDeque<>();
  private int free;

  ModelSlots(int places) {
    this.free = places;
  }

  /// @param begin called once, now or when its turn comes; must not throw, and leads to [#leave]
  void enter(Runnable begin) {
    synchronized (this) {
      if (free == 0) {
        line.add(begin);
        return;
      }
      free--;
    }
    begin.run();
  }

  /// Gives up the wish to enter.
  ///
  /// @return false when its turn has come already
  synchronized boolean giveUp(Runnable begin) {
    return line.remove(begin);
  }

  void leave() {
    Runnable next;
    synchronized (this) {
      next = line.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
