package dev.agentrooms.webui;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.History.Position;
import dev.agentrooms.webui.History.Start;
import dev.agentrooms.webui.WebUiSettings.RoomSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
final class Room {

  sealed interface Command {}

  /// What others ask; sharding hands these over to the next life of a room that is leaving.
  sealed interface Request extends Command {}

  record Publish(EncodedEvent event, ActorRef<ProgressAck> replyTo) implements Request {}

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
  private final History history;
  private final Map<String, Long> seqs = new HashMap<>();
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();

  private Room(
      String sessionId,
      String epoch,
      RoomSettings settings,
      WebUiMetrics metrics,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    this.sessionId = sessionId;
    this.settings = settings;
    this.metrics = metrics;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.nextLife = nextLife;
    this.history = new History(epoch, settings.historySize());
  }

  /// A room whose meters nobody reads.
  static Behavior<Command> create(
      String sessionId,
      String epoch,
      RoomSettings settings,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    WebUiMetrics metrics = new WebUiMetrics(new SimpleMeterRegistry());
    return create(sessionId, epoch, settings, metrics, shard, nextLife);
  }

  /// @param epoch the name of this life of the room
  /// @param shard whom to ask to be let go
  /// @param nextLife where to send requests that arrive after that
  static Behavior<Command> create(
      String sessionId,
      String epoch,
      RoomSettings settings,
      WebUiMetrics metrics,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Room(sessionId, epoch, settings, metrics, context, timers, shard, nextLife)
                        .living()));
  }

  private Behavior<Command> living() {
    metrics.roomOpened();
    stayAwake();
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
      case Idle idle -> {
        subscribers.removeIf(Subscriber::isGone);
        if (subscribers.isEmpty()) {
          return leaving();
        }
      }
      case Stop stop -> {
        return Behaviors.stopped();
      }
    }
    stayAwake();
    return Behaviors.same();
  }

  private void onPublish(Publish publish) {
    EncodedEvent event = publish.event();
    Long first = seqs.get(event.eventId());
    if (first != null) {
      publish.replyTo().tell(new ProgressAck(sessionId, first, history.epoch(), true));
      return;
    }
    RoomEvent evicted = history.append(event);
    if (evicted != null) {
      seqs.remove(evicted.eventId());
      metrics.evicted();
    }
    seqs.put(event.eventId(), history.last());
    // Whoever sends one event after the other need not wait for all the watchers.
    publish.replyTo().tell(new ProgressAck(sessionId, history.last(), history.epoch(), false));
    wakeAll();
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

  private void stayAwake() {
    timers.startSingleTimer(Idle.INSTANCE, Idle.INSTANCE, settings.ttl());
  }

  /// Nobody may wait for a room that is gone.
  private Behavior<Command> close() {
    metrics.roomClosed();
    metrics.subscribersChanged(-subscribers.size());
    history.close();
    wakeAll();
    return Behaviors.same();
  }
}
