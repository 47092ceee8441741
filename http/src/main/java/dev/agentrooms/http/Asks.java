package dev.agentrooms.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks sharded entities, and asks again for as long as no answer comes: Cluster Sharding drops
/// what is on its way to a node that dies, and some of what it holds back while a shard moves. So
/// every request has to be one that may come twice.
public final class Asks {

  /// How long an answer may take.
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /// When it is asked again for the first time.
  public static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  // A session that moves may be found a moment after it was asked: no pause is longer than that.
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final AtomicLong repeated = new AtomicLong();

  public Asks(ActorSystem<?> system) {
    this.system = system;
  }

  /// @param request made once; the same is sent again after 1, 3, 5, 7 and 9 s
  /// @return fails when there is no answer within [#PATIENCE]
  public <M, A> CompletionStage<A> ask(EntityRef<M> entity, Function<ActorRef<A>, M> request) {
    return ask(entity, request, PATIENCE);
  }

  /// @param patience how long an answer is taken that comes late; the request is sent again within
  ///     [#PATIENCE]
  public <M, A> CompletionStage<A> ask(
      EntityRef<M> entity, Function<ActorRef<A>, M> made, Duration patience) {
    AtomicReference<@Nullable M> sent = new AtomicReference<>();
    CompletableFuture<A> answer =
        entity
            .<A>ask(
                replyTo -> {
                  sent.set(made.apply(replyTo));
                  return sent.get();
                },
                patience)
            .toCompletableFuture();
    M request = sent.get();
    if (request != null && !answer.isDone()) {
      new Repetition<>(entity, request, answer).in(FIRST_PAUSE, Duration.ZERO);
    }
    return answer;
  }

  /// How long after the request it is made again, for the n-th time from 0 on.
  public static Duration pauseBefore(int n) {
    return FIRST_PAUSE.plus(PAUSE.multipliedBy(n));
  }

  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("agentrooms.asks.repeats", repeated, AtomicLong::get)
        .description("Requests to sessions and rooms that were sent again")
        .register(registry);
  }

  private final class Repetition<M> {

    private final EntityRef<M> entity;
    private final M request;
    private final CompletableFuture<?> answer;
    private volatile Cancellable next = Cancellable.alreadyCancelled();

    Repetition(EntityRef<M> entity, M request, CompletableFuture<?> answer) {
      this.entity = entity;
      this.request = request;
      this.answer = answer;
      answer.whenComplete((done, failure) -> next.cancel());
    }

    void in(Duration pause, Duration passed) {
      Duration then = passed.plus(pause);
      if (then.compareTo(PATIENCE) < 0) {
        next =
            system
                .scheduler()
                .scheduleOnce(
                    pause,
                    () -> {
                      repeated.incrementAndGet();
                      in(PAUSE, then);
                      entity.tell(request);
                    },
                    system.executionContext());
        // It may have come while this one was on its way.
        if (answer.isDone()) {
          next.cancel();
        }
      }
    }
  }
}
