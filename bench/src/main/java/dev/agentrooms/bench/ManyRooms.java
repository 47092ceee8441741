package dev.agentrooms.bench;

/// B: many rooms with one watcher each, several requests under way.
record ManyRooms(int rooms, Span span) implements Work {

  private static final int IN_FLIGHT = 16;

  @Override
  public String id() {
    return "B";
  }

  @Override
  public String title() {
    return rooms + " rooms × 1, " + IN_FLIGHT + " requests in flight";
  }

  @Override
  public Measured run(Running running) {
    try (Load load = new Load(running, rooms, rooms, IN_FLIGHT)) {
      load.publisher.closedLoop(span.warmUpNanos());
      load.begin();
      load.publisher.closedLoop(span.measureNanos());
      return load.end(Metric.PUBLISHES)
          .millis(Metric.ANSWER_P99, load.publisher.answers(), 99)
          .done();
    }
  }
}
