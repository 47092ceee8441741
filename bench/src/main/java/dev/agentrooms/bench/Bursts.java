package dev.agentrooms.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// C: bursts of many producers into one room; the next burst starts when all watchers have the
/// previous one.
record Bursts(int sockets, Span span) implements Work {

  private static final int EVENTS = 50;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  @Override
  public String id() {
    return "C";
  }

  @Override
  public String title() {
    return "bursts of " + EVENTS + " into 1 room × " + sockets;
  }

  @Override
  public Measured run(Running running) {
    try (Load load = new Load(running, sockets, 1, EVENTS)) {
      bursts(load, span.warmUpNanos());
      load.begin();
      Histogram durations = bursts(load, span.measureNanos());
      return load.end(Metric.DELIVERIES)
          .and(new Metric("whole burst p50, ms", false), durations.getValueAtPercentile(50) / 1e6)
          .done();
    }
  }

  private Histogram bursts(Load load, long nanos) {
    Histogram durations = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    long until = System.nanoTime() + nanos;
    do {
      long start = System.nanoTime();
      long before = load.watchers.received();
      load.publisher.burst();
      load.watchers.awaitReceived(before + (long) EVENTS * sockets, PATIENCE);
      durations.recordValue(load.watchers.lastReceivedAt() - start);
    } while (System.nanoTime() < until);
    return durations;
  }
}
