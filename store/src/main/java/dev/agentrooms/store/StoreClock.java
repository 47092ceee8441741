package dev.agentrooms.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The store's clocks: the time of day, and one that stops while no process is up, which measures
/// how long something has been unused.
final class StoreClock {

  private static final int SALT_BITS = 12;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final AtomicLong generations = new AtomicLong();
  private volatile long downMillis;

  StoreClock(InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
  }

  /// The time of day, in milliseconds.
  long millis() {
    return clock.millis();
  }

  /// The clock that stops, in milliseconds.
  long used() {
    return clock.millis() - downMillis;
  }

  Duration since(long used) {
    return Duration.ofMillis(Math.max(0, used() - used));
  }

  /// For measuring durations; see [System#nanoTime].
  long nanos() {
    return nanos.getAsLong();
  }

  /// @param millis the total time in which no process was up
  void wasDown(long millis) {
    downMillis = millis;
  }

  /// A unique first generation for something new: the time of day, and random low digits. Each
  /// further owner adds one.
  long newGeneration() {
    long now = (clock.millis() << SALT_BITS) + ThreadLocalRandom.current().nextInt(1 << SALT_BITS);
    return generations.accumulateAndGet(now, (last, next) -> Math.max(last + 1, next));
  }
}
