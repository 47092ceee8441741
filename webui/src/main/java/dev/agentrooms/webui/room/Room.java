package dev.agentrooms.webui.room;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.room.History.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/// The fan-out point of one session: it gives each event its `seq`, once, and wakes those who wait
/// for it. It never waits for them.
///
/// A room is there for its events and its watchers. Without both it asks to be let go as soon as it
/// has answered; with watchers alone it is counted in [EmptyRooms].
final class Room {

  sealed interface Command {}

  /// What others ask; sharding hands these over to the next life of a room that is leaving.
  sealed interface Request extends Command {}

  /// @param answer called by the room, at once or a little later; must be quick, and must not throw
  record Publish(EncodedEvent event, Consumer<ProgressAck> answer) implements Request {}

  /// @param after everything retained when 0
  record Read(long after, int limit, ActorRef<Retained> replyTo) implements Request {}

  /// Joining is one message: what is replayed and what is live meet in the cursor without a seam.
  ///
  /// @param position what the client knows; live events only when null
  record Join(Subscriber subscriber, @Nullable Position position, ActorRef<Admission> replyTo)
      implements Request {}

  /// Asks whether one more watcher would be let in.
  record Knock(ActorRef<Boolean> replyTo) implements Request {}

  record Leave(Subscriber subscriber) implements Request {}

  /// The last message, from the shard.
  enum Stop implements Command {
    INSTANCE
  }

  private enum Idle implements Command {
    INSTANCE
  }

  /// Whether the room is still needed, asked when it has done what was waiting.
  private enum Look implements Command {
    INSTANCE
  }

  /// Those whom the last round woke have had their turn.
  private enum RoundEnded implements Command {
    INSTANCE
  }

  private final String sessionId;
  private final RoomWiring wiring;
  private final RoomMetrics metrics;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Consumer<Request> nextLife;
  private final Rounds rounds;
  private final History history;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private boolean isCountedAsEmpty;
  private long usedAt;

  private Room(
      String sessionId,
      RoomWiring wiring,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    this.sessionId = sessionId;
    this.wiring = wiring;
    this.metrics = wiring.metrics();
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.nextLife = nextLife;
    this.rounds = Rounds.ofHistory(wiring.settings().historySize());
    this.history = new History(wiring.epochs().of(sessionId), wiring.settings().historySize());
  }

  /// @param shard whom to ask to be let go
  /// @param nextLife where to send requests that arrive after that
  static Behavior<Command> create(
      String sessionId,
      RoomWiring wiring,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Room(sessionId, wiring, context, timers, shard, nextLife).living()));
  }

  private Behavior<Command> living() {
    return Behaviors.receive(Command.class)
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, stopped -> close())
        .build();
  }

  /// Asked to be let go: what still comes belongs to the next life.
  private Behavior<Command> leaving() {
    timers.cancelAll();
    close();
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.receive(Command.class)
        .onMessage(
            Request.class,
            request -> {
              nextLife.accept(request);
              return Behaviors.same();
            })
        .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    if (command instanceof Request) {
      usedAt = wiring.nanoClock().getAsLong();
    }
    int subscribed = subscribers.size();
    Behavior<Command> next = carryOut(command);
    metrics.subscribersChanged(subscribers.size() - subscribed);
    if (command instanceof Request && isNeedless()) {
      // Not at once: an event may wait behind what was asked.
      context.getSelf().tell(Look.INSTANCE);
    }
    return next;
  }

  private Behavior<Command> carryOut(Command command) {
    switch (command) {
      case Publish publish -> onPublish(publish);
      case Read read ->
          read.replyTo()
              .tell(
                  new Retained(
                      history.epoch(),
                      history.first(),
                      history.last(),
                      history.after(read.after(), read.limit())));
      case Join join -> join.replyTo().tell(onJoin(join.subscriber(), join.position()));
      case Knock knock -> knock.replyTo().tell(!isFull());
      case Leave leave -> subscribers.remove(leave.subscriber());
      case RoundEnded ended -> {
        if (rounds.onEnd()) {
          round();
        }
      }
      case Idle idle -> {
        return onIdle();
      }
      case Look look -> {
        return isNeedless() ? leaving() : Behaviors.same();
      }
      case Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return Behaviors.same();
  }

  /// One timer runs, and looks what has happened since it was set: setting it anew for each command
  /// would cost more than most commands.
  private Behavior<Command> onIdle() {
    subscribers.removeIf(Subscriber::isGone);
    long now = wiring.nanoClock().getAsLong();
    if (!subscribers.isEmpty()) {
      usedAt = now;
    }
    Duration left = wiring.settings().ttl().minusNanos(now - usedAt);
    if (isNeedless() || !left.isPositive()) {
      return leaving();
    }
    wakeIn(left);
    return Behaviors.same();
  }

  private void wakeIn(Duration left) {
    timers.startSingleTimer(Idle.INSTANCE, Idle.INSTANCE, left);
  }

  private void onPublish(Publish publish) {
    EncodedEvent event = publish.event();
    long first = history.seqOf(event.eventId());
    if (first > 0) {
      publish.answer().accept(new ProgressAck(sessionId, first, history.epoch(), true));
      return;
    }
    if (history.isEmpty()) {
      onFirstEvent();
    }
    if (history.append(event)) {
      metrics.evicted();
    }
    ProgressAck ack = new ProgressAck(sessionId, history.last(), history.epoch(), false);
    if (rounds.onEvent(() -> publish.answer().accept(ack))) {
      round();
    }
  }

  private void onFirstEvent() {
    noLongerEmpty();
    metrics.roomOpened();
    wiring.here().put(sessionId, context.getSelf());
    stay();
  }

  private Admission onJoin(Subscriber subscriber, @Nullable Position position) {
    if (history.isEmpty() && !isCountedAsEmpty) {
      if (!wiring.empty().enter()) {
        metrics.emptyRoomRefused();
        return Admission.TooManyEmpty.INSTANCE;
      }
      isCountedAsEmpty = true;
      stay();
    }
    Start start = history.startAt(position);
    subscriber.begin(history, start.next());
    // Its farewell may have overtaken it.
    if (!subscriber.isGone()) {
      subscribers.add(subscriber);
    }
    if (start.recovered() != null) {
      metrics.resumed(start.recovered());
    }
    return new Admission.Joined(
        history.epoch(), history.last(), history.first(), start.recovered());
  }

  private boolean isFull() {
    boolean full = history.isEmpty() && !isCountedAsEmpty && wiring.empty().isFull();
    if (full) {
      metrics.emptyRoomRefused();
    }
    return full;
  }

  private boolean isNeedless() {
    return history.isEmpty() && subscribers.isEmpty();
  }

  private void noLongerEmpty() {
    if (isCountedAsEmpty) {
      isCountedAsEmpty = false;
      wiring.empty().leave();
    }
  }

  private void stay() {
    usedAt = wiring.nanoClock().getAsLong();
    wakeIn(wiring.settings().ttl());
  }

  private void round() {
    if (!rounds.begin(subscribers.size())) {
      wakeAll();
      return;
    }
    subscribers.removeIf(Subscriber::isGone);
    Map<Loop, List<Subscriber>> byLoop = new HashMap<>();
    for (Subscriber each : subscribers) {
      byLoop.computeIfAbsent(each.loop(), loop -> new ArrayList<>()).add(each);
    }
    ActorRef<Command> self = context.getSelf();
    AtomicInteger left = new AtomicInteger(byLoop.size());
    Runnable onEnd =
        () -> {
          if (left.decrementAndGet() == 0) {
            self.tell(RoundEnded.INSTANCE);
          }
        };
    byLoop.forEach((loop, watchers) -> loop.execute(new Slices(loop, watchers, onEnd)));
    if (byLoop.isEmpty()) {
      self.tell(RoundEnded.INSTANCE);
    }
  }

  private void wakeAll() {
    var each = subscribers.iterator();
    while (each.hasNext()) {
      Subscriber subscriber = each.next();
      if (subscriber.isGone()) {
        each.remove();
      } else {
        subscriber.wakeUp();
      }
    }
  }

  /// Nobody may wait for a room that is gone.
  private Behavior<Command> close() {
    if (!history.isEmpty()) {
      wiring.here().remove(sessionId, context.getSelf());
      // Before the next life can ask for its epoch.
      wiring.epochs().ended(sessionId);
      metrics.roomClosed();
    }
    noLongerEmpty();
    metrics.subscribersChanged(-subscribers.size());
    history.close();
    wakeAll();
    rounds.answerAll();
    return Behaviors.same();
  }
}
