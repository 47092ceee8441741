package dev.agentrooms.webui.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.watch.WatchMetrics.Over;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class WatchMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WatchMetrics metrics = new WatchMetrics(registry);

  @Test
  void socketsAndStreamsAreCountedApart() {
    metrics.opened(Over.SOCKET);
    metrics.opened(Over.SOCKET);
    metrics.closed(Over.SOCKET);
    metrics.opened(Over.STREAM);
    metrics.delivered(Over.SOCKET, 7, 3);
    metrics.delivered(Over.STREAM, 2, 0);
    metrics.delivered(Over.STREAM, 0, 0);
    metrics.lagged(Over.STREAM);

    assertThat(registry.get("agentrooms.watchers").tag("over", "socket").gauge().value()).isOne();
    assertThat(registry.get("agentrooms.watchers").tag("over", "stream").gauge().value()).isOne();
    assertThat(counted("agentrooms.deliveries", "over", "socket")).isEqualTo(7);
    assertThat(counted("agentrooms.deliveries", "over", "stream")).isEqualTo(2);
    assertThat(counted("agentrooms.delta.deliveries", "over", "socket")).isEqualTo(3);
    assertThat(counted("agentrooms.delta.deliveries", "over", "stream")).isZero();
    assertThat(counted("agentrooms.lagged", "over", "socket")).isZero();
    assertThat(counted("agentrooms.lagged", "over", "stream")).isEqualTo(1);
  }

  @Test
  void handshakesAreCountedByTheirAnswer() {
    metrics.handshake(403);

    assertThat(registry.get("agentrooms.handshakes").tag("status", "403").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("agentrooms.handshakes").tag("status", "101").counter().count())
        .isZero();
  }

  private double counted(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }
}
