package dev.agentrooms.bench;

/// P: a publisher that has many requests under way on one connection, for long, before more sockets
/// than the server gives answers ahead of. It fails if an answer is left behind.
record RunAhead(int sockets, int ahead, Span span) implements Work {

  private static final Metric ANSWER_MAX = new Metric("answer max, ms", false);

  @Override
  public String id() {
    return "P";
  }

  @Override
  public String title() {
    return "1 room × " + sockets + ", " + ahead + " in flight on one connection, for long";
  }

  @Override
  public int maxRounds() {
    return 1;
  }

  @Override
  public Measured run(Running running) {
    try (Load load = new Load(running, sockets, 1, new Publisher.Lines(1, ahead), false)) {
      load.publisher.closedLoop(span.warmUpNanos());
      load.begin();
      load.publisher.closedLoop(span.measureNanos());
      Measured.Builder measured = load.end(Metric.DELIVERIES);
      var answers = load.publisher.answers();
      return measured
          .millis(Metric.ANSWER_P50, answers, 50)
          .millis(Metric.ANSWER_P99, answers, 99)
          .millis(ANSWER_MAX, answers, 100)
          .done();
    }
  }
}
