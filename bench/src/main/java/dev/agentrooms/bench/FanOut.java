package dev.agentrooms.bench;

/// A: one room, many watchers, one publisher that waits for each answer. T: the same under TLS,
/// and Z: with sockets that ask for compression.
record FanOut(Manner manner, int sockets, Span span) implements Work {

  enum Manner {
    A(""),
    T(", all under TLS"),
    Z(", permessage-deflate");

    private final String title;

    Manner(String title) {
      this.title = title;
    }
  }

  @Override
  public String id() {
    return manner.name() + sockets;
  }

  @Override
  public String title() {
    return "1 room × " + sockets + ", publisher waits for each answer" + manner.title;
  }

  @Override
  public boolean isSecure() {
    return manner == Manner.T;
  }

  @Override
  public Measured run(Running running) {
    try (Load load = new Load(running, sockets, 1, Publisher.Lines.of(1), manner == Manner.Z)) {
      load.publisher.closedLoop(span.warmUpNanos());
      load.begin();
      load.publisher.closedLoop(span.measureNanos());
      return load.end(Metric.DELIVERIES).done();
    }
  }
}
