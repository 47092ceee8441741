package dev.agentrooms.bench;

import java.util.concurrent.TimeUnit;

/// As many runs as there can be: each connection asks for the next when its last has ended.
record RunRate(Span span) implements AgentWork {

  private static final int SESSIONS = 1000;
  private static final int CONNECTIONS = 64;
  private static final Metric RUNS = new Metric("runs/s", true);
  private static final Metric P50 = new Metric("whole run p50, ms", false);
  private static final Metric P99 = new Metric("whole run p99, ms", false);
  private static final Metric CPU = new Metric("server CPU, ms per run", false);

  @Override
  public String id() {
    return "G2";
  }

  @Override
  public String title() {
    return CONNECTIONS + " runs at a time, instant tools";
  }

  @Override
  public Measured run(Running running) {
    try (Publisher publisher =
        new Publisher(
            AgentWork.agent(running)::dial,
            new SendTimes(),
            Publisher.Lines.of(CONNECTIONS),
            RunRequest.toAll(SESSIONS, "?wait=30", "Create a quiz about photosynthesis"))) {
      publisher.closedLoop(span.warmUpNanos());
      publisher.answers();
      long before = publisher.answered();
      double cpu = running.usage().cpuSeconds();
      long start = System.nanoTime();
      publisher.closedLoop(span.measureNanos());
      double seconds = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
      if (publisher.failures() > 0) {
        throw new IllegalStateException(publisher.failures() + " runs were refused");
      }
      long runs = publisher.answered() - before;
      var answers = publisher.answers();
      return Measured.of(RUNS, runs / seconds)
          .millis(P50, answers, 50)
          .millis(P99, answers, 99)
          .and(CPU, 1000 * (running.usage().cpuSeconds() - cpu) / runs)
          .done();
    }
  }
}
