package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.RoomCommand.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding.Passivate;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding.ShardCommand;

/// What one room has around it, through all of its phases.
///
/// @param shard to passivate through
/// @param nextLife where to send requests that arrive after that
record Surroundings(
    String sessionId,
    RoomWiring wiring,
    ActorContext<RoomCommand> context,
    TimerScheduler<RoomCommand> timers,
    ActorRef<ShardCommand> shard,
    Consumer<Request> nextLife) {

  /// Answers whoever published.
  void answer(RoomCommand.Publish publish, Published what) {
    if (publish.replyTo().equals(wiring.answers().ref())) {
      wiring.answers().give(publish.number(), what);
    } else {
      publish.replyTo().tell(new RoomCommand.Answer(publish.number(), what));
    }
  }

  void refuse(Request request, Refused why) {
    switch (request) {
      case RoomCommand.Publish publish -> answer(publish, why);
      case RoomCommand.Write _ -> {}
      case RoomCommand.Make make -> make.replyTo().tell(new RoomCommand.Changed(why));
      case RoomCommand.Forget forget -> forget.replyTo().tell(new RoomCommand.Changed(why));
      case RoomCommand.Whose whose -> whose.replyTo().tell(new RoomCommand.OfWhomIsNotKnown(why));
      case RoomCommand.Find find -> find.replyTo().tell(new RoomCommand.NotFound(why));
      case RoomCommand.Follow follow -> follow.copy().tell(new CopyCommand.NotFollowing(why));
    }
  }

  /// The last phase of a room that was there: when nobody tells it anything any more but through
  /// the shard, that is asked to stop it. What still comes belongs to its next life, for which the
  /// shard holds it back.
  Behavior<RoomCommand> leaving() {
    timers.cancelAll();
    return ending(nextLife);
  }

  /// The last phase of a room whose events go: what comes meanwhile is for the next life, which
  /// begins without them.
  ///
  /// @param first what has come already
  Behavior<RoomCommand> leavingWhen(CompletionStage<Boolean> removed, Request first) {
    timers.cancelAll();
    context.pipeToSelf(removed, (done, failure) -> RoomCommand.Removed.INSTANCE);
    return leavingWith(new ArrayList<>(List.of(first)), false);
  }

  private Behavior<RoomCommand> leavingWith(List<Request> held, boolean isAllTold) {
    return Behaviors.receive(RoomCommand.class)
        .onMessage(
            Request.class,
            request -> {
              held.add(request);
              return Behaviors.same();
            })
        .onMessageEquals(RoomCommand.AllTold.INSTANCE, () -> leavingWith(held, true))
        .onMessageEquals(
            RoomCommand.Removed.INSTANCE,
            () -> {
              held.forEach(nextLife);
              if (isAllTold) {
                passivate();
              }
              return ending(nextLife);
            })
        .onMessageEquals(RoomCommand.Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  /// The last phase of a room that cannot be read.
  Behavior<RoomCommand> refusing(Refused why) {
    passivate();
    return ending(request -> refuse(request, why));
  }

  private Behavior<RoomCommand> ending(Consumer<Request> late) {
    return Behaviors.receive(RoomCommand.class)
        .onMessage(
            Request.class,
            request -> {
              late.accept(request);
              return Behaviors.same();
            })
        .onMessageEquals(
            RoomCommand.AllTold.INSTANCE,
            () -> {
              passivate();
              return Behaviors.same();
            })
        .onMessageEquals(RoomCommand.Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  private void passivate() {
    shard.tell(new Passivate<>(context.getSelf()));
  }
}
