package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.room.RoomCommand.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An event that waits for its room's answer, by a clock of the test's.
@Tag("unit")
class AnswersTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final AtomicLong now = new AtomicLong();
  private final List<String> heard = new ArrayList<>();
  private final Answers answers =
      new Answers(now::get, give -> KIT.<Answer>createTestProbe().getRef());

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void anEventWithoutAnAnswerIsPublishedAgainUntilItsTimeIsOver() {
    answers.expect(
        new Answers.Publisher() {
          @Override
          public void answered(Published what) {
            heard.add(what + " after " + seconds());
          }

          @Override
          public void publishAgain() {
            heard.add("again after " + seconds());
          }
        });
    for (int second = 1; second <= 12; second++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      answers.look();
    }
    assertThat(heard)
        .containsExactly(
            "again after 1",
            "again after 3",
            "again after 5",
            "again after 7",
            "again after 9",
            Refused.UNANSWERED + " after 11");
  }

  private long seconds() {
    return Duration.ofNanos(now.get()).toSeconds();
  }
}
