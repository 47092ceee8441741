package dev.agentrooms.webui.room;

import dev.agentrooms.http.Asks;
import dev.agentrooms.http.edge.EventLoops;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.store.Store;
import dev.agentrooms.webui.room.RoomCommand.Changed;
import dev.agentrooms.webui.room.RoomCommand.FindReply;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/// The rooms, by session id: the only way to one. Cluster Sharding makes a room when it is first
/// told or followed, and one that has neither events nor watchers goes when it has answered.
public final class Rooms {

  static final EntityTypeKey<RoomCommand> TYPE = EntityTypeKey.create(RoomCommand.class, "room");

  // A room may leave between the answer that it is there and the one who comes for that.
  private static final int JOINS = 8;

  private final ClusterSharding sharding;
  private final Asks asks;
  private final RoomWiring wiring;
  private final Publications publications;

  private Rooms(ClusterSharding sharding, Asks asks, RoomWiring wiring) {
    this.sharding = sharding;
    this.asks = asks;
    this.wiring = wiring;
    this.publications = new Publications(wiring, this::room);
  }

  /// @param store where events are recorded; null for rooms that live in memory alone
  public static Rooms start(
      ActorSystem<?> system, RoomSettings settings, @Nullable Store store, MeterRegistry registry) {
    RoomLog log = NoLog.INSTANCE;
    if (store != null) {
      log = new StoredLog(store, settings.historySize());
      Sweeper.start(system, store.rooms(), settings.ttl());
    }
    RoomWiring wiring =
        new RoomWiring(
            settings,
            new RoomMetrics(registry),
            log,
            Answers.start(system),
            new ConcurrentHashMap<>(),
            new Copies(),
            new EmptyRooms(settings.maxEmpty()),
            new RoomEpochs(),
            new AtomicReference<>(sessionId -> {}),
            System::nanoTime);
    wiring.metrics().show(wiring.empty());
    wiring.metrics().show(wiring.copies());
    ClusterSharding sharding = ClusterSharding.get(system);
    Asks asks = new Asks(system);
    asks.bindTo(registry);
    Rooms rooms = new Rooms(sharding, asks, wiring);
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    WakingRoom.create(
                        entity.getEntityId(),
                        wiring,
                        entity.getShard(),
                        rooms.room(entity.getEntityId())::tell))
            .withRole("webui")
            .withEntityProps(EventLoops.dispatcher(system))
            .withStopMessage(RoomCommand.Stop.INSTANCE));
    wiring
        .copies()
        .start(
            system,
            EventLoops.dispatcher(system),
            copies ->
                (sessionId, shown, keeper) ->
                    Copy.create(
                        sessionId, wiring, copies, rooms.room(sessionId)::tell, keeper, shown));
    return rooms;
  }

  /// Gives the event its place in its room. Repeating it is harmless: the room takes each
  /// `event_id` once, for as long as its history holds the first, and each delivery once for good.
  ///
  /// @param delivery which one of its session's it is; null when the producer does not say
  public CompletionStage<Published> publish(ProgressEvent event, @Nullable Delivery delivery) {
    CompletableFuture<Published> published = new CompletableFuture<>();
    publish(event, delivery, published::complete);
    return published;
  }

  /// The same for a producer that numbers its requests, which the room remembers with the event.
  public CompletionStage<Published> publishInTurn(ProgressEvent event, Producer by) {
    CompletableFuture<Published> published = new CompletableFuture<>();
    publications.publish(event, null, by, published::complete);
    return published;
  }

  /// Records a room, which need not have an event.
  public CompletionStage<Change> make(String sessionId) {
    return asks.<RoomCommand, Changed>ask(room(sessionId), RoomCommand.Make::new)
        .thenApply(Changed::what);
  }

  /// Removes a room and its events. Its next life has another epoch.
  public CompletionStage<Change> forget(String sessionId) {
    return asks.<RoomCommand, Changed>ask(room(sessionId), RoomCommand.Forget::new)
        .thenApply(Changed::what);
  }

  /// @param listener told of each session whose room has a new event, by the node that has the
  ///     room; must be quick, and must not throw
  public void onEvent(Consumer<String> listener) {
    wiring.listener().set(listener);
  }

  /// @param answer called once, at once or later, on any thread; must be quick, and must not throw
  public void publish(
      ProgressEvent event, @Nullable Delivery delivery, Consumer<Published> answer) {
    publications.publish(event, delivery, null, answer);
  }

  /// Shows a piece of a text that is being written to whoever watches. It is not kept: one that
  /// gets lost is made up for by the event with the whole text.
  public void write(Delta delta) {
    RoomCommand.Write write = new RoomCommand.Write(delta);
    wiring.metrics().wrote();
    LocalRoom room = publications.here(delta.sessionId());
    if (room == null || !room.tell(write)) {
      room(delta.sessionId()).tell(write);
    }
  }

  /// What is retained of a room, which is not made for it.
  public CompletionStage<Reading> read(String sessionId, long after, int limit) {
    LocalRoom room = wiring.here().get(sessionId);
    if (room != null) {
      return CompletableFuture.completedFuture(room.read(after, limit));
    }
    return wiring
        .log()
        .read(sessionId, after, limit)
        .thenApply(
            found ->
                found.orElseGet(
                    () -> new Retained(wiring.epochs().of(sessionId), 0, 0, List.of())));
  }

  /// Lets `subscriber` read the room's events.
  ///
  /// @param position what the client knows; live events only when null
  public CompletionStage<Admission> join(
      String sessionId, Subscriber subscriber, @Nullable Position position) {
    return join(sessionId, subscriber, position, JOINS);
  }

  private CompletionStage<Admission> join(
      String sessionId, Subscriber subscriber, @Nullable Position position, int tries) {
    Audience audience = audience(sessionId);
    Admission joined = audience == null ? null : audience.join(subscriber, position);
    if (joined != null) {
      return CompletableFuture.completedFuture(joined);
    }
    if (tries == 0) {
      return CompletableFuture.completedFuture(Refused.UNANSWERED);
    }
    return bring(sessionId)
        .thenCompose(
            refused ->
                refused.isPresent()
                    ? CompletableFuture.completedFuture(refused.get())
                    : join(sessionId, subscriber, position, tries - 1));
  }

  /// Those who watch a room here; null when nobody does yet.
  private @Nullable Audience audience(String sessionId) {
    LocalRoom room = wiring.here().get(sessionId);
    return room == null ? wiring.copies().audience(sessionId) : room.audience();
  }

  /// Whether somebody may watch the room now, and why not. It says so before an answer has begun,
  /// which [#join] cannot.
  ///
  /// @return nothing when they may
  public CompletionStage<Optional<Refused>> closed(String sessionId) {
    return audience(sessionId) == null
        ? bring(sessionId)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  /// Makes sure that the room is there, and that it can be watched here.
  private CompletionStage<Optional<Refused>> bring(String sessionId) {
    return asks.<RoomCommand, FindReply>ask(room(sessionId), RoomCommand.Find::new)
        .thenCompose(
            reply ->
                switch (reply) {
                  case RoomCommand.Found(var room) when room.path().address().hasLocalScope() ->
                      CompletableFuture.completedFuture(Optional.empty());
                  case RoomCommand.Found elsewhere -> wiring.copies().want(sessionId);
                  case RoomCommand.NotFound(Refused why) ->
                      CompletableFuture.completedFuture(Optional.of(why));
                });
  }

  /// Whether a user may see the room's events: the session of which they are is theirs. When they
  /// have its id from another, that one's events go.
  ///
  /// @param isTheirSession whether the session belongs to them now; otherwise it is another's, or
  ///     gone
  /// @return nothing when it cannot be told now
  public CompletionStage<Optional<Boolean>> isOf(
      String user, String sessionId, boolean isTheirSession) {
    LocalRoom room = wiring.here().get(sessionId);
    return room != null && room.isOf(user)
        ? CompletableFuture.completedFuture(Optional.of(true))
        : asks.<RoomCommand, RoomCommand.WhoseReply>ask(
                room(sessionId), replyTo -> new RoomCommand.Whose(user, isTheirSession, replyTo))
            .thenApply(
                reply ->
                    switch (reply) {
                      case RoomCommand.OfUser(boolean isTheirs) -> Optional.of(isTheirs);
                      case RoomCommand.OfWhomIsNotKnown _ -> Optional.<Boolean>empty();
                    });
  }

  private EntityRef<RoomCommand> room(String sessionId) {
    return sharding.entityRefFor(TYPE, sessionId);
  }
}
