package dev.agentrooms.agent.telemetry;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/// The buckets of histograms: the same bounds everywhere, cut to what a timer can show.
final class Buckets {

  private static final long[] BOUNDS_MS = {
    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000
  };

  private Buckets() {}

  /// @param fromMs the lowest bound
  /// @param toMs the highest bound
  static Timer.Builder timer(String name, String what, long fromMs, long toMs) {
    Duration[] bounds =
        LongStream.of(BOUNDS_MS)
            .filter(ms -> ms >= fromMs && ms <= toMs)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    return Timer.builder(name).description(what).serviceLevelObjectives(bounds);
  }
}
