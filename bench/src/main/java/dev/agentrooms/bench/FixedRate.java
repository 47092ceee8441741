package dev.agentrooms.bench;

import java.util.function.DoubleSupplier;

/// D: one room, at a rate that does not depend on how fast the server is.
///
/// @param perSecond events
record FixedRate(int sockets, DoubleSupplier perSecond, Span span) implements Work {

  private static final int CONNECTIONS = 16;

  @Override
  public String id() {
    return "D";
  }

  @Override
  public String title() {
    return String.format(
        java.util.Locale.ROOT, "1 room × %d, %.0f events/s", sockets, perSecond.getAsDouble());
  }

  @Override
  public Measured run(Running running) {
    double rate = perSecond.getAsDouble();
    try (Load load = new Load(running, sockets, 1, CONNECTIONS)) {
      load.publisher.atRate(rate, span.warmUpNanos());
      load.begin();
      load.publisher.atRate(rate, span.measureNanos());
      Measured.Builder measured = load.end(Metric.DELIVERIES);
      return measured.millis(Metric.ANSWER_P99, load.publisher.answers(), 99).done();
    }
  }
}
