package dev.agentrooms.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The store's times: the time of day, and one that stands still while no process is up, by which
/// it counts how long something has not been used.
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

  /// Milliseconds of the time of day.
  long millis() {
    return clock.millis();
  }

  /// Milliseconds of the time that stands still.
  long used() {
    return clock.millis() - downMillis;
  }

  Duration since(long used) {
    return Duration.ofMillis(Math.max(0, used() - used));
  }

  /// A moment for measuring; see [System#nanoTime].
  long nanos() {
    return nanos.getAsLong();
  }

  /// @param millis for how long no process has been up, all in all
  void wasDown(long millis) {
    downMillis = millis;
  }

  /// The first generation of something that is new, and one that nothing has had: it begins with
  /// the time of day, ends at random, and is counted up by one for each owner.
  long newGeneration() {
    long now = (clock.millis() << SALT_BITS) + ThreadLocalRandom.current().nextInt(1 << SALT_BITS);
    return generations.accumulateAndGet(now, (last, next) -> Math.max(last + 1, next));
  }
}
