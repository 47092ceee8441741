package dev.agentrooms.webui.room;

import dev.agentrooms.http.Asks;
import dev.agentrooms.http.Recurring;
import dev.agentrooms.webui.room.RoomCommand.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// The publishers of this node that wait for an answer, by number. A number can travel to a room of
/// another node, and who waits cannot.
///
/// A room of this node answers here directly: a message for each answer would cost a good part of
/// what publishing does.
final class Answers {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /// Who waits for an answer.
  interface Publisher {

    /// Called once, on any thread; must be quick, and must not throw.
    void answered(Published what);

    /// Nothing has come yet: the event may have been lost on its way.
    void publishAgain();
  }

  private static final class Waiting {
    private final long since;
    private final Publisher publisher;
    private int again;

    Waiting(long since, Publisher publisher) {
      this.since = since;
      this.publisher = publisher;
    }
  }

  private final LongSupplier nanoClock;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final ActorRef<Answer> ref;

  /// @param address makes what takes the answers of other nodes, given what to do with one
  Answers(LongSupplier nanoClock, Function<Consumer<Answer>, ActorRef<Answer>> address) {
    this.nanoClock = nanoClock;
    this.ref = address.apply(answer -> give(answer.number(), answer.what()));
  }

  static Answers start(ActorSystem<?> system) {
    Answers answers =
        new Answers(
            System::nanoTime,
            give ->
                system.systemActorOf(
                    Behaviors.receiveMessage(
                        answer -> {
                          give.accept(answer);
                          return Behaviors.same();
                        }),
                    "room-answers",
                    Props.empty()));
    var _ = Recurring.every(system, BETWEEN_LOOKS, "asking rooms again", answers::look);
    return answers;
  }

  /// Where rooms of other nodes send their answers.
  ActorRef<Answer> ref() {
    return ref;
  }

  /// @return the number to publish under
  long expect(Publisher publisher) {
    long number = numbers.incrementAndGet();
    waiting.put(number, new Waiting(nanoClock.getAsLong(), publisher));
    return number;
  }

  void give(long number, Published what) {
    Waiting one = waiting.remove(number);
    if (one != null) {
      one.publisher.answered(what);
    }
  }

  /// Has those publish again who have waited for a while, and tells those who have for too long.
  void look() {
    long now = nanoClock.getAsLong();
    waiting.forEach(
        (number, one) -> {
          long waited = now - one.since;
          if (waited > Asks.PATIENCE.toNanos()) {
            give(number, Refused.UNANSWERED);
          } else if (waited >= Asks.pauseBefore(one.again).toNanos()) {
            one.again++;
            one.publisher.publishAgain();
          }
        });
  }
}
