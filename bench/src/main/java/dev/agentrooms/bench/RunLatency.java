package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Runs at a fixed rate, each watched: how soon is it accepted, and how soon is its first event
/// seen?
record RunLatency(double perSecond, Span span) implements AgentWork {

  // So many that a session's run is long over when its next one comes.
  private static final int SESSIONS = 500;
  private static final int CONNECTIONS = 32;
  private static final byte[] FIRST = "\"intent_determined\"".getBytes(US_ASCII);
  private static final Metric SEEN_P50 = new Metric("POST → first event seen, p50, ms", false);
  private static final Metric SEEN_P95 = new Metric("POST → first event seen, p95, ms", false);
  private static final Metric SEEN_P99 = new Metric("POST → first event seen, p99, ms", false);
  private static final Metric ACCEPTED_P50 = new Metric("POST → 202, p50, ms", false);
  private static final Metric ACCEPTED_P95 = new Metric("POST → 202, p95, ms", false);
  private static final Metric ACCEPTED_P99 = new Metric("POST → 202, p99, ms", false);

  @Override
  public String id() {
    return "G1";
  }

  @Override
  public String title() {
    return String.format(java.util.Locale.ROOT, "%.0f watched runs/s, instant tools", perSecond);
  }

  @Override
  public Measured run(Running running) {
    SendTimes sendTimes = new SendTimes();
    int[] lastOf = new int[SESSIONS];
    try (Watchers watchers =
        new Watchers(
            sendTimes,
            (watcher, in, from, end) ->
                contains(in, from, end) ? numberOf(watcher.room(), lastOf) : -1,
            false)) {
      watchers.open(running, SESSIONS, SESSIONS);
      try (Publisher publisher =
          new Publisher(
              AgentWork.agent(running)::dial,
              sendTimes,
              Publisher.Lines.of(CONNECTIONS),
              RunRequest.toAll(SESSIONS, "", "Create a quiz about photosynthesis"))) {
        publisher.atRate(perSecond, span.warmUpNanos());
        watchers.awaitReceived(publisher.answered(), TimeUnit.SECONDS.toNanos(5));
        watchers.latencies();
        publisher.answers();
        publisher.atRate(perSecond, span.measureNanos());
        if (!watchers.awaitReceived(publisher.answered(), TimeUnit.SECONDS.toNanos(5))) {
          throw new IllegalStateException(
              watchers.received() + " runs seen of " + publisher.answered());
        }
        if (publisher.failures() > 0) {
          throw new IllegalStateException(publisher.failures() + " runs were refused");
        }
        Histogram accepted = publisher.answers();
        Histogram seen = watchers.latencies();
        return new Measured.Builder()
            .millis(ACCEPTED_P95, accepted, 95)
            .millis(ACCEPTED_P50, accepted, 50)
            .millis(ACCEPTED_P99, accepted, 99)
            .millis(SEEN_P95, seen, 95)
            .millis(SEEN_P50, seen, 50)
            .millis(SEEN_P99, seen, 99)
            .done();
      }
    }
  }

  /// Requests go to the sessions in turn, beginning with the one after the first.
  private static int numberOf(int room, int[] lastOf) {
    lastOf[room] = lastOf[room] == 0 ? (room == 0 ? SESSIONS : room) : lastOf[room] + SESSIONS;
    return lastOf[room];
  }

  private static boolean contains(ByteBuffer in, int from, int end) {
    for (int at = from; at + FIRST.length <= end; at++) {
      int matched = 0;
      while (matched < FIRST.length && in.get(at + matched) == FIRST[matched]) {
        matched++;
      }
      if (matched == FIRST.length) {
        return true;
      }
    }
    return false;
  }
}
