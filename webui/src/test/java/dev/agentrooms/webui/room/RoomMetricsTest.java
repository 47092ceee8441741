package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.ProgressAck;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RoomMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RoomMetrics metrics = new RoomMetrics(registry);

  @Test
  void publishIsCountedByWhatTheRoomAnswered() {
    metrics.published(new Published.Taken(new ProgressAck("s", 1L, "e", true)), 1_000_000);
    metrics.published(new Published.Taken(new ProgressAck("s", 2L, "e", false)), 2_000_000);
    metrics.published(new Published.Taken(new ProgressAck("s", 3L, "e", false)), 3_000_000);
    metrics.published(Refused.UNANSWERED, 5_000_000_000L);

    assertThat(publishes("duplicate").count()).isEqualTo(1);
    assertThat(publishes("failed").totalTime(TimeUnit.SECONDS)).isEqualTo(5);
    assertThat(publishes("appended").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
  }

  @Test
  void resumesAreCountedByTheirOutcome() {
    metrics.resumed(true);
    metrics.resumed(false);
    metrics.resumed(false);

    assertThat(registry.get("agentrooms.resumes").tag("recovered", "false").counter().count())
        .isEqualTo(2);
  }

  private Timer publishes(String outcome) {
    return registry.get("agentrooms.publish.duration").tag("outcome", outcome).timer();
  }
}
