package dev.agentrooms.agent;

import dev.agentrooms.agent.telemetry.AgentMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberLeft;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/// Wakes the sessions that have something to do: what was accepted goes on wherever there is a node
/// for it. Which ones these are is asked of the store, so that nothing has to be remembered where
/// each session lives.
///
/// It is a singleton of the cluster. It looks when it starts, when a node has handed over its
/// sessions or is gone, and every thirty seconds, for those too that will have something to do
/// before it looks again: a session that waits for a person is awake when the time to answer is
/// over. Waking a session that is awake does nothing, and a message on its way to a node that dies
/// is lost; so after a node it looks more than once. A look that fails, because the store is away,
/// is repeated each second until one does not.
final class Waker {

  static final Duration EVERY = Duration.ofSeconds(30);
  static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration[] AFTERWARDS = {Duration.ofSeconds(1), Duration.ofSeconds(4)};

  sealed interface Command {}

  private record NodeGone(MemberEvent event) implements Command {}

  private enum Look implements Command {
    NOW,
    AT_TIMES,
    AGAIN
  }

  private record Looked(boolean isDone) implements Command {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Function<Instant, CompletionStage<Done>> wakeAll;
  private final AgentMetrics metrics;
  private final InstantSource clock;

  private Waker(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Function<Instant, CompletionStage<Done>> wakeAll,
      AgentMetrics metrics,
      InstantSource clock) {
    this.context = context;
    this.timers = timers;
    this.wakeAll = wakeAll;
    this.metrics = metrics;
    this.clock = clock;
  }

  static void start(
      ActorSystem<?> system, Sessions sessions, AgentMetrics metrics, InstantSource clock) {
    ClusterSingleton.get(system)
        .init(
            SingletonActor.of(create(sessions::wakeAll, metrics, clock), "waker")
                .withSettings(ClusterSingletonSettings.create(system).withRole("agent")));
  }

  /// @param wakeAll wakes the sessions that have something to do before a time
  static Behavior<Command> create(
      Function<Instant, CompletionStage<Done>> wakeAll, AgentMetrics metrics, InstantSource clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Waker(context, timers, wakeAll, metrics, clock).behavior()));
  }

  private Behavior<Command> behavior() {
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(MemberEvent.class, NodeGone::new), MemberEvent.class));
    timers.startTimerWithFixedDelay(Look.AT_TIMES, EVERY);
    look();
    return Behaviors.receive(Command.class)
        .onMessage(
            NodeGone.class,
            gone -> {
              if (gone.event() instanceof MemberLeft || gone.event() instanceof MemberRemoved) {
                look();
                for (Duration later : AFTERWARDS) {
                  timers.startSingleTimer(later, Look.NOW, later);
                }
              }
              return Behaviors.same();
            })
        .onMessage(
            Look.class,
            now -> {
              look();
              return Behaviors.same();
            })
        .onMessage(
            Looked.class,
            looked -> {
              if (!looked.isDone()) {
                timers.startSingleTimer(Look.AGAIN, AGAIN);
              }
              metrics.woken(looked.isDone());
              return Behaviors.same();
            })
        .build();
  }

  private void look() {
    context.pipeToSelf(
        wakeAll.apply(clock.instant().plus(EVERY)), (done, failure) -> new Looked(failure == null));
  }
}
