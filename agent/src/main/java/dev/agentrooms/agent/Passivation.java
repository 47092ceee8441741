package dev.agentrooms.agent;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/// The end of an entity's life: its shard is asked to passivate it, and requests that still come
/// belong to the entity's next life.
///
/// @param self the entity
/// @param requests what is handed over to the next life; anything else is dropped
/// @param stop the shard's last message
record Passivation<C, R extends C>(
    Class<C> type,
    ActorRef<C> self,
    TimerScheduler<C> timers,
    ActorRef<ClusterSharding.ShardCommand> shard,
    Class<R> requests,
    Consumer<R> nextLife,
    C stop) {

  Behavior<C> begin(Supplier<Behavior<C>> onStopped) {
    timers.cancelAll();
    shard.tell(new ClusterSharding.Passivate<>(self));
    return Behaviors.receive(type)
        .onMessage(
            requests,
            request -> {
              nextLife.accept(request);
              return Behaviors.same();
            })
        .onMessageEquals(stop, Behaviors::stopped)
        .onAnyMessage(late -> Behaviors.same())
        .onSignal(PostStop.class, stopped -> onStopped.get())
        .build();
  }
}
