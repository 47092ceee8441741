package dev.agentrooms.bench;

import java.util.concurrent.TimeUnit;

/// H: a server with many sockets is restarted, and all of them come back at once.
record Reconnect(int sockets) implements Work {

  private static final int ROOMS = 100;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
  private static final Metric BACK = new Metric("all are back after, s", false);
  private static final Metric SEEN = new Metric("all have an event after, s", false);
  private static final Metric AWAY = new Metric("stop and start, s", false);
  private static final Metric CPU = new Metric("server CPU, µs per socket", false);

  @Override
  public String id() {
    return "H";
  }

  @Override
  public String title() {
    return sockets + " sockets in " + ROOMS + " rooms come back after a restart";
  }

  @Override
  public int maxRounds() {
    return 3;
  }

  @Override
  public Measured run(Running running) {
    long stopped;
    try (Load _ = new Load(running, sockets, ROOMS, 1)) {
      stopped = System.nanoTime();
      running.restart();
    }
    double cpu = running.usage().cpuSeconds();
    long started = System.nanoTime();
    SendTimes sendTimes = new SendTimes();
    try (Watchers watchers = new Watchers(sendTimes, false)) {
      watchers.openAll(running, sockets, ROOMS);
      long back = System.nanoTime();
      double cpuWhenBack = running.usage().cpuSeconds();
      try (Publisher publisher =
          new Publisher(
              running::dial,
              sendTimes,
              Publisher.Lines.of(1),
              Event.toAll(running.server(), ROOMS, false))) {
        publisher.once();
        if (!watchers.awaitReceived(sockets, PATIENCE)) {
          throw new IllegalStateException(
              "only " + watchers.received() + " of " + sockets + " got what was published");
        }
      }
      return Measured.of(BACK, (back - started) / 1e9)
          .and(SEEN, (watchers.lastReceivedAt() - started) / 1e9)
          .and(AWAY, (started - stopped) / 1e9)
          .and(CPU, 1e6 * (cpuWhenBack - cpu) / sockets)
          .done();
    }
  }
}
