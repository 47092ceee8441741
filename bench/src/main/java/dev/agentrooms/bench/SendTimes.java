package dev.agentrooms.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/// When each event was due, by its number. Written by publishers, read by watchers.
final class SendTimes {

  private final AtomicLongArray times = new AtomicLongArray(1 << 20);

  void set(int number, long nanos) {
    times.setRelease(number & (1 << 20) - 1, nanos);
  }

  long get(int number) {
    return times.getAcquire(number & (1 << 20) - 1);
  }
}
