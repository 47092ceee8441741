package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// When the sessions that have something to do are looked for, under manual time.
@Tag("unit")
class WakerTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "WakerTest",
          ConfigFactory.parseString(
                  "pekko.actor.provider = cluster, pekko.cluster.jmx.enabled = off,"
                      + "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 },"
                      + "pekko.stdout-loglevel = OFF, pekko.loglevel = ERROR")
              .withFallback(ManualTime.config()));

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<Instant> looks = KIT.createTestProbe();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile boolean isAway;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void aLookThatFailsIsRepeatedUntilOneDoesNot() {
    isAway = true;
    var waker = KIT.spawn(Waker.create(this::wakeAll, new AgentMetrics(registry), () -> Given.T0));
    looks.expectMessage(PATIENCE, Given.T0.plus(Waker.EVERY));
    for (int failed = 1; failed <= 3; failed++) {
      awaitCount("failed", failed);
      time.timePasses(Waker.AGAIN.minus(MOMENT));
      looks.expectNoMessage(Duration.ofMillis(20));
      time.timePasses(MOMENT);
      looks.receiveMessage(PATIENCE);
    }
    awaitCount("failed", 4);
    isAway = false;
    time.timePasses(Waker.AGAIN);
    looks.receiveMessage(PATIENCE);
    awaitCount("done", 1);
    time.timePasses(Waker.EVERY.minus(Waker.AGAIN.multipliedBy(5)));
    looks.expectNoMessage(Duration.ofMillis(20));
    time.timePasses(Waker.AGAIN);
    looks.receiveMessage(PATIENCE);
    KIT.stop(waker);
  }

  private CompletionStage<Done> wakeAll(Instant until) {
    looks.getRef().tell(until);
    return isAway
        ? CompletableFuture.failedFuture(new IllegalStateException("the store is away"))
        : CompletableFuture.completedFuture(Done.getInstance());
  }

  private void awaitCount(String outcome, int count) {
    looks.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(registry.counter("agentrooms.wakes", "outcome", outcome).count())
              .isEqualTo(count);
          return null;
        });
  }
}
