package dev.agentrooms.bench;

/// A: one room, many watchers, one publisher who waits for each answer.
record FanOut(int sockets, Span span) implements Work {

  @Override
  public String id() {
    return "A" + sockets;
  }

  @Override
  public String title() {
    return "1 room × " + sockets + ", publisher waits for each answer";
  }

  @Override
  public Measured run(Running running) {
    try (Load load = new Load(running, sockets, 1, 1)) {
      load.publisher.closedLoop(span.warmUpNanos());
      load.begin();
      load.publisher.closedLoop(span.measureNanos());
      return load.end(Metric.DELIVERIES).done();
    }
  }
}
