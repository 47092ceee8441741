package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.RoomCommand.Read;
import dev.agentrooms.webui.room.RoomCommand.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding.ShardCommand;

/// The first phase of a room: what is retained of it is read, and what it is asked waits. A room
/// that cannot be read refuses all of that, and leaves: it is neither empty nor new.
final class WakingRoom {

  private static final int MOST_WAITING = 10_000;
  private static final CompletionStage<RoomLog.Opening> NOT_OPENED =
      CompletableFuture.completedFuture(new RoomLog.NotOpened(Refused.STORE_UNAVAILABLE));

  private final Surroundings around;
  private final StashBuffer<RoomCommand> stash;

  private WakingRoom(Surroundings around, StashBuffer<RoomCommand> stash) {
    this.around = around;
    this.stash = stash;
  }

  /// @param shard to passivate through
  /// @param nextLife where to send requests that arrive after that
  static Behavior<RoomCommand> create(
      String sessionId,
      RoomWiring wiring,
      ActorRef<ShardCommand> shard,
      Consumer<Request> nextLife) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        MOST_WAITING,
                        stash ->
                            new WakingRoom(
                                    new Surroundings(
                                        sessionId, wiring, context, timers, shard, nextLife),
                                    stash)
                                .read())));
  }

  private Behavior<RoomCommand> read() {
    CompletableFuture<RoomLog.Opening> opening = open().toCompletableFuture();
    if (opening.isDone() && !opening.isCompletedExceptionally()) {
      return onRead(opening.join());
    }
    around.context().pipeToSelf(opening, Recorder::read);
    return waiting();
  }

  private Behavior<RoomCommand> waiting() {
    return Behaviors.receive(RoomCommand.class)
        .onMessage(Read.class, read -> onRead(read.opening()))
        .onMessage(
            Request.class,
            request -> {
              if (stash.isFull()) {
                around.refuse(request, Refused.STORE_UNAVAILABLE);
              } else {
                stash.stash(request);
              }
              return Behaviors.same();
            })
        .onMessageEquals(RoomCommand.Stop.INSTANCE, () -> refused(Refused.STORE_UNAVAILABLE))
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  private Behavior<RoomCommand> onRead(RoomLog.Opening opening) {
    return switch (opening) {
      case RoomLog.NotOpened(Refused why) -> {
        refuseAll(why);
        yield around.refusing(why);
      }
      case RoomLog.Opened opened ->
          opened.last() > 0 && opened.unused().compareTo(around.wiring().settings().ttl()) >= 0
              ? forgotten(opened)
              : stash.unstashAll(Room.living(around, opened));
    };
  }

  /// Nobody has used the room for as long as one is kept: it goes, and another begins.
  private Behavior<RoomCommand> forgotten(RoomLog.Opened opened) {
    around.wiring().epochs().ended(around.sessionId());
    around
        .context()
        .pipeToSelf(
            opened.writer().forget().thenCompose(isGone -> isGone ? open() : NOT_OPENED),
            Recorder::read);
    return waiting();
  }

  private CompletionStage<RoomLog.Opening> open() {
    RoomWiring wiring = around.wiring();
    String id = around.sessionId();
    return wiring.log().open(id, wiring.log().lasts() ? null : wiring.epochs().of(id));
  }

  private Behavior<RoomCommand> refused(Refused why) {
    refuseAll(why);
    return Behaviors.stopped();
  }

  private void refuseAll(Refused why) {
    stash.forEach(waiting -> around.refuse((Request) waiting, why));
    stash.clear();
  }
}
