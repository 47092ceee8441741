package dev.agentrooms.webui;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.History.Position;
import dev.agentrooms.webui.History.Start;
import dev.agentrooms.webui.WebUiSettings.RoomSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
  record Join(Subscriber subscriber, @Nullable Position position, ActorRef<Joined> replyTo)
      implements Request {}

  record Leave(Subscriber subscriber) implements Request {}

  /// The last message, from the shard.
  enum Stop implements Command {
    INSTANCE
  }

  private enum Idle implements Command {
    INSTANCE
  }

  /// Those whom the last round woke have had their turn.
  private enum RoundEnded implements Command {
    INSTANCE
  }

  record Retained(String epoch, long firstSeq, long lastSeq, List<RoomEvent> events) {}

  /// @param seq the last one at the moment of joining
  /// @param firstSeq the first retained one
  record Joined(String epoch, long seq, long firstSeq, @Nullable Boolean recovered) {}

  private final String sessionId;
  private final RoomSettings settings;
  private final WebUiMetrics metrics;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Consumer<Request> nextLife;
  private final Executor readers;
  private final Map<String, ActorRef<Command>> here;
  private final LongSupplier nanoClock;
  private final Rounds rounds = new Rounds();
  private final History history;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private long usedAt;

  private Room(
      String sessionId,
      String epoch,
      RoomSettings settings,
      WebUiMetrics metrics,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife,
      Executor readers,
      Map<String, ActorRef<Command>> here,
      LongSupplier nanoClock) {
    this.sessionId = sessionId;
    this.settings = settings;
    this.metrics = metrics;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.nextLife = nextLife;
    this.readers = readers;
    this.here = here;
    this.nanoClock = nanoClock;
    this.history = new History(epoch, settings.historySize());
  }

  /// A room whose meters nobody reads.
  static Behavior<Command> create(
      String sessionId,
      String epoch,
      RoomSettings settings,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife,
      Map<String, ActorRef<Command>> here,
      LongSupplier nanoClock) {
    WebUiMetrics metrics = new WebUiMetrics(new SimpleMeterRegistry());
    return create(
        sessionId, epoch, settings, metrics, shard, nextLife, Runnable::run, here, nanoClock);
  }

  /// @param epoch the name of this life of the room
  /// @param shard whom to ask to be let go
  /// @param nextLife where to send requests that arrive after that
  /// @param readers runs the watchers, more or less in the order in which they were woken
  /// @param here the rooms of this node, by session id; this one is there for as long as it lives
  /// @param nanoClock like [System#nanoTime]
  static Behavior<Command> create(
      String sessionId,
      String epoch,
      RoomSettings settings,
      WebUiMetrics metrics,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife,
      Executor readers,
      Map<String, ActorRef<Command>> here,
      LongSupplier nanoClock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Room(
                            sessionId, epoch, settings, metrics, context, timers, shard, nextLife,
                            readers, here, nanoClock)
                        .living()));
  }

  private Behavior<Command> living() {
    metrics.roomOpened();
    here.put(sessionId, context.getSelf());
    usedAt = nanoClock.getAsLong();
    wakeIn(settings.ttl());
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
      usedAt = nanoClock.getAsLong();
    }
    int subscribed = subscribers.size();
    Behavior<Command> next = carryOut(command);
    metrics.subscribersChanged(subscribers.size() - subscribed);
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
      case Join join -> onJoin(join);
      case Leave leave -> subscribers.remove(leave.subscriber());
      case RoundEnded ended -> {
        if (rounds.onEnd()) {
          round();
        }
      }
      case Idle idle -> {
        return onIdle();
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
    if (!subscribers.isEmpty()) {
      usedAt = nanoClock.getAsLong();
    }
    Duration left = settings.ttl().minusNanos(nanoClock.getAsLong() - usedAt);
    if (!left.isPositive()) {
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
    if (history.append(event)) {
      metrics.evicted();
    }
    ProgressAck ack = new ProgressAck(sessionId, history.last(), history.epoch(), false);
    if (rounds.onEvent(() -> publish.answer().accept(ack))) {
      round();
    }
  }

  private void onJoin(Join join) {
    Start start = history.startAt(join.position());
    join.subscriber().begin(history, start.next());
    subscribers.add(join.subscriber());
    if (start.recovered() != null) {
      metrics.resumed(start.recovered());
    }
    join.replyTo()
        .tell(new Joined(history.epoch(), history.last(), history.first(), start.recovered()));
  }

  private void round() {
    wakeAll();
    if (rounds.begin(subscribers.size())) {
      ActorRef<Command> self = context.getSelf();
      readers.execute(() -> self.tell(RoundEnded.INSTANCE));
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
    here.remove(sessionId, context.getSelf());
    metrics.roomClosed();
    metrics.subscribersChanged(-subscribers.size());
    history.close();
    wakeAll();
    rounds.answerAll();
    return Behaviors.same();
  }
}
