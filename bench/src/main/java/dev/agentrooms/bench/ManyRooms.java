package dev.agentrooms.bench;

/// B: many rooms with one watcher each, several requests under way.
///
/// @param connections over which they are spread
record ManyRooms(int rooms, int connections, Span span) implements Work {

  private static final int IN_FLIGHT = 16;

  @Override
  public String id() {
    return "B" + connections;
  }

  @Override
  public String title() {
    return "%d rooms × 1, %d requests in flight on %d connection%s"
        .formatted(rooms, IN_FLIGHT, connections, connections == 1 ? "" : "s");
  }

  @Override
  public Measured run(Running running) {
    Publisher.Lines lines = new Publisher.Lines(connections, IN_FLIGHT / connections);
    try (Load load = new Load(running, rooms, rooms, lines, false)) {
      load.publisher.closedLoop(span.warmUpNanos());
      load.begin();
      load.publisher.closedLoop(span.measureNanos());
      return load.end(Metric.PUBLISHES)
          .millis(Metric.ANSWER_P99, load.publisher.answers(), 99)
          .done();
    }
  }
}
