package dev.agentrooms.webui.room;

import dev.agentrooms.http.edge.EventLoops;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.Room.Command;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/// The rooms, by session id: the only way to one. Cluster Sharding makes a room when it is first
/// spoken to, and one that has neither events nor watchers goes when it has answered.
public final class Rooms {

  static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "room");
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final ClusterSharding sharding;
  private final RoomMetrics metrics;
  private final Map<String, ActorRef<Command>> here;
  // How many events of a room are on their way through sharding.
  private final Map<String, Integer> onTheWay = new ConcurrentHashMap<>();

  private Rooms(
      ClusterSharding sharding, RoomMetrics metrics, Map<String, ActorRef<Command>> here) {
    this.sharding = sharding;
    this.metrics = metrics;
    this.here = here;
  }

  public static Rooms start(ActorSystem<?> system, RoomSettings settings, MeterRegistry registry) {
    ClusterSharding sharding = ClusterSharding.get(system);
    RoomMetrics metrics = new RoomMetrics(registry);
    RoomWiring wiring =
        new RoomWiring(
            settings,
            metrics,
            new ConcurrentHashMap<>(),
            new EmptyRooms(settings.maxEmpty()),
            new RoomEpochs(),
            System::nanoTime);
    metrics.show(wiring.empty());
    Rooms rooms = new Rooms(sharding, metrics, wiring.here());
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    Room.create(
                        entity.getEntityId(),
                        wiring,
                        entity.getShard(),
                        rooms.room(entity.getEntityId())::tell))
            .withRole("webui")
            .withEntityProps(EventLoops.dispatcher(system))
            .withStopMessage(Room.Stop.INSTANCE));
    ActorRef<DeadLetter> late =
        system.systemActorOf(
            Behaviors.supervise(Behaviors.receiveMessage(rooms::late))
                .onFailure(SupervisorStrategy.resume()),
            "late-events",
            Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(DeadLetter.class, late));
    return rooms;
  }

  /// An event that met a room which had just stopped goes to that room's next life.
  private Behavior<DeadLetter> late(DeadLetter letter) {
    if (letter.message() instanceof Room.Publish publish) {
      room(publish.event().sessionId()).tell(publish);
    }
    return Behaviors.same();
  }

  /// Gives the event its place in its room. Repeating it is harmless: the room takes each
  /// `event_id` once, for as long as its history holds the first.
  public CompletionStage<ProgressAck> publish(ProgressEvent event) {
    CompletableFuture<ProgressAck> published = new CompletableFuture<>();
    publish(event, published::complete);
    return published
        .orTimeout(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            late -> {
              metrics.publishFailed(ANSWER_TIMEOUT);
              return CompletableFuture.failedFuture(
                  new TimeoutException("the room did not answer within " + ANSWER_TIMEOUT));
            });
  }

  /// @param answer as in [Room.Publish]. A room that dies of a mistake does not call it.
  public void publish(ProgressEvent event, Consumer<ProgressAck> answer) {
    long begun = System.nanoTime();
    String sessionId = event.sessionId();
    // Through sharding it is two more messages, each as dear as the room's own. But an event must
    // not overtake one that is still on that way.
    ActorRef<Command> room = onTheWay.containsKey(sessionId) ? null : here.get(sessionId);
    if (room == null) {
      onTheWay.merge(sessionId, 1, Integer::sum);
    }
    Room.Publish publish =
        new Room.Publish(
            EncodedEvent.of(event),
            ack -> {
              if (room == null) {
                onTheWay.computeIfPresent(sessionId, (id, n) -> n == 1 ? null : n - 1);
              }
              metrics.published(ack, System.nanoTime() - begun);
              answer.accept(ack);
            });
    if (room == null) {
      room(sessionId).tell(publish);
    } else {
      room.tell(publish);
    }
  }

  public CompletionStage<Retained> read(String sessionId, long after, int limit) {
    return room(sessionId).ask(replyTo -> new Room.Read(after, limit, replyTo), ANSWER_TIMEOUT);
  }

  public CompletionStage<Admission> join(
      String sessionId, Subscriber subscriber, @Nullable Position position) {
    return room(sessionId)
        .ask(replyTo -> new Room.Join(subscriber, position, replyTo), ANSWER_TIMEOUT);
  }

  /// Whether somebody may watch the room now. It says so before an answer has begun, which [#join]
  /// cannot.
  public CompletionStage<Boolean> isOpen(String sessionId) {
    return room(sessionId).ask(Room.Knock::new, ANSWER_TIMEOUT);
  }

  public void leave(String sessionId, Subscriber subscriber) {
    subscriber.leave();
    // A room that is gone has nobody to forget.
    if (!subscriber.isRoomClosed()) {
      room(sessionId).tell(new Room.Leave(subscriber));
    }
  }

  private EntityRef<Command> room(String sessionId) {
    return sharding.entityRefFor(TYPE, sessionId);
  }
}
