package dev.agentrooms.bench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// F: late joiners that replay the room's whole history; one after the other, and then all at
/// once.
record LateJoin(int crowd, Span span) implements Work {

  private static final int HISTORY = 200;
  private static final Metric REPLAYED = new Metric("replayed events/s, all at once", true);
  private static final Metric ONE_P50 = new Metric("one joins, p50, ms", false);
  private static final Metric ONE_P99 = new Metric("one joins, p99, ms", false);
  private static final Metric LAST = new Metric("the last of all has all, ms", false);

  @Override
  public String id() {
    return "F";
  }

  @Override
  public String title() {
    return "late join with " + HISTORY + " events; " + crowd + " at once";
  }

  @Override
  public Optional<String> impossible(Server server) {
    return server.keepsHistory() ? Optional.empty() : Optional.of("it keeps no history");
  }

  @Override
  public Measured run(Running running) {
    SendTimes sendTimes = new SendTimes();
    try (Publisher publisher =
        new Publisher(
            running::dial,
            sendTimes,
            Publisher.Lines.of(1),
            Event.toAll(running.server(), 1, false))) {
      publisher.closedLoopOf(HISTORY);
    }
    oneByOne(running, span.warmUpNanos());
    allAtOnce(running);
    Histogram joins = oneByOne(running, span.measureNanos());
    long took = allAtOnce(running);
    return Measured.of(REPLAYED, (double) crowd * HISTORY / took * 1e9)
        .and(LAST, took / 1e6)
        .millis(ONE_P50, joins, 50)
        .millis(ONE_P99, joins, 99)
        .done();
  }

  private static Histogram oneByOne(Running running, long nanos) {
    Histogram joins = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    long until = System.nanoTime() + nanos;
    try (Watchers watchers = new Watchers(new SendTimes(), false)) {
      do {
        List<Watcher> one = watchers.connect(running, 1, 1, true);
        joins.recordValue(join(watchers, one));
        watchers.dismiss();
      } while (System.nanoTime() < until);
    }
    return joins;
  }

  private long allAtOnce(Running running) {
    try (Watchers watchers = new Watchers(new SendTimes(), false)) {
      return join(watchers, watchers.connect(running, crowd, 1, true));
    }
  }

  /// How long it takes until all of them have all.
  private static long join(Watchers watchers, List<Watcher> some) {
    long wanted = watchers.received() + (long) some.size() * HISTORY;
    long start = System.nanoTime();
    watchers.begin(some);
    if (!watchers.awaitReceived(wanted, TimeUnit.SECONDS.toNanos(10))) {
      throw new IllegalStateException(
          "only " + watchers.received() + " of " + wanted + " events were replayed");
    }
    return watchers.lastReceivedAt() - start;
  }
}
