package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RecurringTest {

  @Test
  void aTaskThatFailsIsDoneAgain() throws Exception {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "recurring");
    try {
      CountDownLatch done = new CountDownLatch(3);
      Recurring.every(
          system,
          Duration.ofMillis(1),
          "this test",
          () -> {
            done.countDown();
            throw new IllegalStateException("a mistake");
          });

      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      system.terminate();
    }
  }
}
