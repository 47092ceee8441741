package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.WebUiMetrics.Over;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WebUiMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WebUiMetrics metrics = new WebUiMetrics(registry);

  @Test
  void publishIsCountedByWhatTheRoomAnswered() {
    metrics.published(new ProgressAck("s", 1, "e", true), 1_000_000);
    metrics.published(new ProgressAck("s", 2, "e", false), 2_000_000);
    metrics.published(new ProgressAck("s", 3, "e", false), 3_000_000);
    metrics.publishFailed(Duration.ofSeconds(5));

    assertThat(publishes("duplicate").count()).isEqualTo(1);
    assertThat(publishes("failed").totalTime(TimeUnit.SECONDS)).isEqualTo(5);
    assertThat(publishes("appended").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
  }

  @Test
  void socketsAndStreamsAreCountedApart() {
    metrics.opened(Over.SOCKET);
    metrics.opened(Over.SOCKET);
    metrics.closed(Over.SOCKET);
    metrics.opened(Over.STREAM);
    metrics.delivered(Over.SOCKET, 7);
    metrics.delivered(Over.STREAM, 2);
    metrics.delivered(Over.STREAM, 0);
    metrics.lagged(Over.STREAM);

    assertThat(registry.get("agentrooms.watchers").tag("over", "socket").gauge().value()).isOne();
    assertThat(registry.get("agentrooms.watchers").tag("over", "stream").gauge().value()).isOne();
    assertThat(counted("agentrooms.deliveries", "over", "socket")).isEqualTo(7);
    assertThat(counted("agentrooms.deliveries", "over", "stream")).isEqualTo(2);
    assertThat(counted("agentrooms.lagged", "over", "socket")).isZero();
    assertThat(counted("agentrooms.lagged", "over", "stream")).isEqualTo(1);
  }

  @Test
  void resumesAndHandshakesAreCountedByTheirOutcome() {
    metrics.resumed(true);
    metrics.resumed(false);
    metrics.resumed(false);
    metrics.handshake(403);

    assertThat(registry.get("agentrooms.resumes").tag("recovered", "false").counter().count())
        .isEqualTo(2);
    assertThat(registry.get("agentrooms.handshakes").tag("status", "403").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("agentrooms.handshakes").tag("status", "101").counter().count())
        .isZero();
  }

  private Timer publishes(String outcome) {
    return registry.get("agentrooms.publish.duration").tag("outcome", outcome).timer();
  }

  private double counted(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }
}
