package dev.agentrooms.agent;

import java.util.concurrent.atomic.AtomicLong;

/// How many events of all sessions of this node wait to be delivered.
final class Backlog {

  private final AtomicLong events = new AtomicLong();

  void changeBy(int count) {
    events.addAndGet(count);
  }

  long size() {
    return events.get();
  }
}
