package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A request to an entity that is on its way from one node to another, under manual time.
@Tag("unit")
class AsksTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration SECOND = Duration.ofSeconds(1);

  private record Question(ActorRef<String> replyTo) {}

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<Question> entity = KIT.createTestProbe();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void oneThatIsNotAnsweredIsMadeAgainUntilItsTimeIsOver() {
    CompletableFuture<String> answer = ask();
    Question first = entity.receiveMessage();
    for (int second = 1; second < Asks.PATIENCE.toSeconds(); second++) {
      time.timePasses(SECOND);
      if (second % 2 == 1) {
        assertThat(entity.receiveMessage()).as("after %d s", second).isEqualTo(first);
      } else {
        entity.expectNoMessage(Duration.ofMillis(20));
      }
    }
    assertThat(answer).isNotDone();
    time.timePasses(SECOND);
    assertThat(answer).failsWithin(Duration.ofSeconds(60));
  }

  @Test
  void oneThatIsAnsweredLateIsNotMadeAgain() {
    CompletableFuture<String> answer = ask();
    entity.receiveMessage();
    time.timePasses(SECOND);
    entity.receiveMessage().replyTo().tell("here");
    assertThat(answer).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("here");
    time.timePasses(Asks.PATIENCE);
    entity.expectNoMessage(Duration.ofMillis(20));
  }

  private CompletableFuture<String> ask() {
    return new Asks(KIT.system())
        .ask(
            TestEntityRef.of(EntityTypeKey.create(Question.class, "entity"), "e1", entity.getRef()),
            Question::new)
        .toCompletableFuture();
  }
}
