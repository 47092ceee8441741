package dev.agentrooms.webui;

import dev.agentrooms.protocol.ProgressAck;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// What the web UI measures. Every name is here; on the page they are written with underscores,
/// times with `_seconds`, counts with `_total`.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.rooms` | | rooms of this node that have events |
/// | `agentrooms.rooms.empty` | | rooms of this node that are only watched |
/// | `agentrooms.rooms.refused` | | watchers that an empty room had no place for |
/// | `agentrooms.subscribers` | | their subscribers, each once for each room |
/// | `agentrooms.watchers` | `over` | open WebSockets and event streams |
/// | `agentrooms.publish.duration` | `outcome` | publishes, from the edge to the room's answer |
/// | `agentrooms.deliveries` | `over` | events handed to subscribers |
/// | `agentrooms.lagged` | `over` | subscribers that fell out of the history |
/// | `agentrooms.evictions` | | events that left a full history |
/// | `agentrooms.resumes` | `recovered` | subscriptions that named a position |
/// | `agentrooms.handshakes` | `status` | WebSocket handshakes by their answer |
/// | `agentrooms.agent.unreachable` | | requests that the agent did not answer |
///
/// What happens for every event and subscriber is an addition to a [LongAdder].
final class WebUiMetrics {

  /// What a watcher reads its events over.
  enum Over {
    SOCKET,
    STREAM
  }

  private final MeterRegistry registry;
  private final LongAdder rooms = new LongAdder();
  private final LongAdder subscribers = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final Readers sockets;
  private final Readers streams;
  private final Timer appended;
  private final Timer duplicates;
  private final Timer failed;
  private final MeterProvider<Counter> resumes;
  private final MeterProvider<Counter> handshakes;
  private final Counter agentUnreachable;

  WebUiMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("agentrooms.rooms", "Rooms of this node that have events", rooms);
    gauge("agentrooms.subscribers", "Subscribers of the rooms", subscribers);
    count("agentrooms.rooms.refused", "Watchers that an empty room had no place for", refused);
    count("agentrooms.evictions", "Events that left a full history", evictions);
    sockets = new Readers("socket");
    streams = new Readers("stream");
    MeterProvider<Timer> publishes =
        Timer.builder("agentrooms.publish.duration")
            .description("Publishes, from the edge to the room's answer")
            .serviceLevelObjectives(
                Stream.of(1, 5, 10, 50, 100, 500, 1_000, 5_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .withRegistry(registry);
    appended = publishes.withTag("outcome", "appended");
    duplicates = publishes.withTag("outcome", "duplicate");
    failed = publishes.withTag("outcome", "failed");
    resumes =
        Counter.builder("agentrooms.resumes")
            .description("Subscriptions that named a position")
            .withRegistry(registry);
    handshakes =
        Counter.builder("agentrooms.handshakes")
            .description("WebSocket handshakes by their answer")
            .withRegistry(registry);
    agentUnreachable =
        Counter.builder("agentrooms.agent.unreachable")
            .description("Requests that the agent did not answer")
            .register(registry);
    beginAtZero();
  }

  void show(EmptyRooms empty) {
    Gauge.builder("agentrooms.rooms.empty", empty, EmptyRooms::count)
        .description("Rooms of this node that are only watched")
        .register(registry);
  }

  void emptyRoomRefused() {
    refused.increment();
  }

  void roomOpened() {
    rooms.increment();
  }

  void roomClosed() {
    rooms.decrement();
  }

  void subscribersChanged(int by) {
    subscribers.add(by);
  }

  void evicted() {
    evictions.increment();
  }

  void resumed(boolean recovered) {
    resumes.withTag("recovered", Boolean.toString(recovered)).increment();
  }

  /// @param nanos from the edge to the room's answer
  void published(ProgressAck ack, long nanos) {
    (ack.duplicate() ? duplicates : appended).record(nanos, TimeUnit.NANOSECONDS);
  }

  /// The room did not answer.
  void publishFailed(Duration waited) {
    failed.record(waited);
  }

  void opened(Over over) {
    readers(over).open.increment();
  }

  void closed(Over over) {
    readers(over).open.decrement();
  }

  void delivered(Over over, int events) {
    readers(over).delivered.add(events);
  }

  void lagged(Over over) {
    readers(over).lagged.increment();
  }

  /// @param status of the answer, 101 when a socket was opened
  void handshake(int status) {
    handshakes.withTag("status", Integer.toString(status)).increment();
  }

  void agentUnreachable() {
    agentUnreachable.increment();
  }

  private Readers readers(Over over) {
    return over == Over.SOCKET ? sockets : streams;
  }

  /// A count that has not begun looks to an alert like one that does not exist.
  private void beginAtZero() {
    Stream.of("true", "false").forEach(recovered -> resumes.withTag("recovered", recovered));
    Stream.of("101", "400", "403", "426", "503")
        .forEach(status -> handshakes.withTag("status", status));
  }

  private void gauge(String name, String what, LongAdder value, String... tags) {
    Gauge.builder(name, value, LongAdder::sum).description(what).tags(tags).register(registry);
  }

  private void count(String name, String what, LongAdder value, String... tags) {
    FunctionCounter.builder(name, value, LongAdder::sum)
        .description(what)
        .tags(tags)
        .register(registry);
  }

  private final class Readers {
    private final LongAdder open = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder lagged = new LongAdder();

    Readers(String over) {
      gauge("agentrooms.watchers", "Open WebSockets and event streams", open, "over", over);
      count("agentrooms.deliveries", "Events handed to subscribers", delivered, "over", over);
      count("agentrooms.lagged", "Subscribers that fell out of the history", lagged, "over", over);
    }
  }
}
