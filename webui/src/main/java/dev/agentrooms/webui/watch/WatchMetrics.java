package dev.agentrooms.webui.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// What watching measures. On the page names are written with underscores, counts with `_total`.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.watchers` | `over` | open WebSockets and event streams |
/// | `agentrooms.deliveries` | `over` | events handed to subscribers |
/// | `agentrooms.delta.deliveries` | `over` | pieces of text handed to subscribers |
/// | `agentrooms.lagged` | `over` | subscribers that fell out of the history |
/// | `agentrooms.handshakes` | `status` | WebSocket handshakes by their answer |
///
/// What happens for every event and subscriber is an addition to a [LongAdder].
final class WatchMetrics {

  /// What a watcher reads its events over.
  enum Over {
    SOCKET,
    STREAM
  }

  private final MeterRegistry registry;
  private final Readers sockets;
  private final Readers streams;
  private final MeterProvider<Counter> handshakes;

  WatchMetrics(MeterRegistry registry) {
    this.registry = registry;
    sockets = new Readers("socket");
    streams = new Readers("stream");
    handshakes =
        Counter.builder("agentrooms.handshakes")
            .description("WebSocket handshakes by their answer")
            .withRegistry(registry);
    // A count that has not begun looks to an alert like one that does not exist.
    Stream.of("101", "400", "403", "426", "503")
        .forEach(status -> handshakes.withTag("status", status));
  }

  void opened(Over over) {
    readers(over).open.increment();
  }

  void closed(Over over) {
    readers(over).open.decrement();
  }

  void delivered(Over over, int events, int deltas) {
    readers(over).delivered.add(events);
    if (deltas > 0) {
      readers(over).deltas.add(deltas);
    }
  }

  void lagged(Over over) {
    readers(over).lagged.increment();
  }

  /// @param status of the answer, 101 when a socket was opened
  void handshake(int status) {
    handshakes.withTag("status", Integer.toString(status)).increment();
  }

  private Readers readers(Over over) {
    return over == Over.SOCKET ? sockets : streams;
  }

  private final class Readers {
    private final LongAdder open = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deltas = new LongAdder();
    private final LongAdder lagged = new LongAdder();

    Readers(String over) {
      Gauge.builder("agentrooms.watchers", open, LongAdder::sum)
          .description("Open WebSockets and event streams")
          .tags("over", over)
          .register(registry);
      count("agentrooms.deliveries", "Events handed to subscribers", delivered, over);
      count("agentrooms.delta.deliveries", "Pieces of text handed to subscribers", deltas, over);
      count("agentrooms.lagged", "Subscribers that fell out of the history", lagged, over);
    }

    private void count(String name, String what, LongAdder value, String over) {
      FunctionCounter.builder(name, value, LongAdder::sum)
          .description(what)
          .tags("over", over)
          .register(registry);
    }
  }
}
