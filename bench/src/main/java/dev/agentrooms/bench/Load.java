package dev.agentrooms.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// The sockets and publishers of one work, and the checks at its end.
final class Load implements AutoCloseable {

  private static final long DRAIN = TimeUnit.SECONDS.toNanos(5);

  final Watchers watchers;
  final Publisher publisher;
  private final Running running;
  private final int perEvent;
  private long startedAt;
  private long answeredBefore;
  private long receivedBefore;
  private double cpuBefore;
  private double clientCpuBefore;

  /// @param sockets spread over the rooms
  Load(Running running, int sockets, int rooms, int connections) {
    this(running, sockets, rooms, Publisher.Lines.of(connections), false);
  }

  /// @param deflates whether the sockets ask for permessage-deflate
  Load(Running running, int sockets, int rooms, Publisher.Lines lines, boolean deflates) {
    this(running, sockets, rooms, lines, deflates, Event.toAll(running.server(), rooms, deflates));
  }

  /// @param requests one for each room
  Load(
      Running running,
      int sockets,
      int rooms,
      Publisher.Lines lines,
      boolean deflates,
      List<? extends Request> requests) {
    this.running = running;
    this.perEvent = sockets / rooms;
    SendTimes sendTimes = new SendTimes();
    watchers = new Watchers(sendTimes, deflates);
    var all = watchers.open(running, sockets, rooms);
    // Last, because a server may not wait long for the first request of a connection.
    publisher = new Publisher(running::dial, sendTimes, lines, requests);
    // A socket is in its room once it gets what is published there.
    watchers.await(
        "subscriptions",
        30,
        () -> {
          publisher.once();
          watchers.awaitReceived(
              publisher.answered() * perEvent, TimeUnit.MILLISECONDS.toNanos(300));
          return all.stream().allMatch(watcher -> watcher.events() > 0);
        });
    settle();
  }

  /// What was published before everybody was there has not come to all; it is left out.
  private void settle() {
    long before;
    do {
      before = watchers.received();
      watchers.awaitReceived(Long.MAX_VALUE, TimeUnit.MILLISECONDS.toNanos(200));
    } while (watchers.received() > before);
    answeredBefore = publisher.answered();
    receivedBefore = before;
  }

  /// From here on it counts.
  void begin() {
    drain();
    watchers.latencies();
    publisher.answers();
    answeredBefore = publisher.answered();
    receivedBefore = watchers.received();
    cpuBefore = running.usage().cpuSeconds();
    clientCpuBefore = Usage.own();
    startedAt = System.nanoTime();
  }

  /// Waits for what is on its way, and counts.
  Measured.Builder end(Metric first) {
    Measured.Builder measured = counted(first);
    long wanted = (publisher.answered() - answeredBefore) * perEvent;
    long received = watchers.received() - receivedBefore;
    return measured.and(Metric.LOST, 100.0 * (wanted - received) / wanted);
  }

  /// The same for what may come to a socket joined with what follows it.
  Measured.Builder counted(Metric first) {
    drain();
    double seconds = (watchers.lastReceivedAt() - startedAt) / 1e9;
    double cpu = running.usage().cpuSeconds() - cpuBefore;
    double clientCpu = Usage.own() - clientCpuBefore;
    long published = publisher.answered() - answeredBefore;
    long received = watchers.received() - receivedBefore;
    if (publisher.failures() > 0) {
      throw new IllegalStateException(publisher.failures() + " events were refused");
    }
    var latencies = watchers.latencies();
    return Measured.of(first, (first.equals(Metric.PUBLISHES) ? published : received) / seconds)
        .millis(Metric.P50, latencies, 50)
        .millis(Metric.P99, latencies, 99)
        .and(Metric.SERVER_CPU, 1e6 * cpu / received)
        .and(Metric.CLIENT_CPU, 1e6 * clientCpu / received);
  }

  /// Waits until all that was published since `begin` has come, or will not any more.
  void drain() {
    long published = publisher.answered() - answeredBefore;
    watchers.awaitReceived(receivedBefore + published * perEvent, DRAIN);
  }

  @Override
  public void close() {
    publisher.close();
    watchers.close();
  }
}
