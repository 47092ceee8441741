package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.room.Admission.Joined;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ReplyInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/// A real room, one message at a time, with the shard and the clients around it, and next to it
/// what everybody must see of it: a plain list of events for each of its lives.
final class RoomModel {

  private static final Duration TTL = Duration.ofMinutes(30);

  private final int capacity;
  private final List<Client> clients = new ArrayList<>();
  private final TestInbox<ClusterSharding.ShardCommand> shard = TestInbox.create();
  private final Deque<RoomCommand.Request> forNextLife = new ArrayDeque<>();
  private final List<Runnable> unanswered = new ArrayList<>();

  /// What was published, by epoch; an event's place in its list is its `seq` less one.
  private final Map<String, List<String>> published = new HashMap<>();

  private final List<String> allIds = new ArrayList<>();
  private final RoomWiring wiring;
  private BehaviorTestKit<RoomCommand> room;
  private String epoch;
  private int lives;
  private boolean leaving;
  private long nanos;

  /// How much of what this is about took place.
  int resumed;

  int refused;
  int lagged;
  int passivated;

  RoomModel(int capacity, int clients) {
    this.capacity = capacity;
    for (int i = 0; i < clients; i++) {
      this.clients.add(new Client());
    }
    wiring = TestWiring.of(capacity, TTL, 1, () -> nanos);
    epoch = wiring.epochs().of("quiz1");
    room = newLife();
  }

  enum Claim {
    LIVE_ONLY,
    WHAT_WAS_READ,
    WITHOUT_EPOCH,
    FROM_ZERO,
    OTHER_EPOCH,
    BEYOND_THE_LAST
  }

  sealed interface Step {}

  record Publish(int count) implements Step {}

  record Repeat(int which) implements Step {}

  record Connect(int client, Claim claim) implements Step {}

  record Read(int client, int count) implements Step {}

  /// @param isNoticed whether what the room hears of it is there at once
  record Cut(int client, boolean isNoticed) implements Step {}

  /// Nobody does anything for as long as a room lives unused; its timer rings.
  record Idle() implements Step {}

  /// The shard stops the room, leaving or not, and makes the next one when it is needed.
  record Stop() implements Step {}

  void run(List<Step> steps) {
    for (Step step : steps) {
      run(step);
    }
    finish();
  }

  private void run(Step step) {
    switch (step) {
      case Publish(int count) -> {
        for (int i = 0; i < count; i++) {
          publish("e" + allIds.size());
        }
      }
      case Repeat(int which) -> {
        if (!allIds.isEmpty()) {
          publish(allIds.get(Math.floorMod(-1 - which, allIds.size())));
        }
      }
      case Connect(int client, Claim claim) -> clients.get(client % clients.size()).connect(claim);
      case Read(int client, int count) -> clients.get(client % clients.size()).read(count);
      case Cut(int client, boolean isNoticed) ->
          clients.get(client % clients.size()).cut(isNoticed);
      case Idle() -> idle();
      case Stop() -> stop();
    }
  }

  /// Whoever comes back, comes back to everything that is still there.
  private void finish() {
    if (leaving) {
      stop();
    }
    for (Client client : clients) {
      client.read(Integer.MAX_VALUE);
      client.cut(true);
      client.connect(Claim.WHAT_WAS_READ);
      client.read(Integer.MAX_VALUE);
      client.assertUpToDate();
    }
  }

  private BehaviorTestKit<RoomCommand> newLife() {
    lives++;
    published.put(epoch, new ArrayList<>());
    return BehaviorTestKit.create(
        WakingRoom.create("quiz1", wiring, shard.getRef(), forNextLife::add));
  }

  private List<String> events() {
    return published.getOrDefault(epoch, List.of());
  }

  private int firstRetained() {
    return Math.max(1, events().size() - capacity + 1);
  }

  private <T> void ask(
      org.apache.pekko.japi.function.Function<ActorRef<T>, RoomCommand> request,
      Consumer<T> answered) {
    ReplyInbox<T> inbox = room.runAsk(request);
    if (inbox.hasReply()) {
      assertThat(leaving).as("a room that leaves answers nobody").isFalse();
      answered.accept(inbox.receiveReply());
      look();
    } else {
      assertThat(leaving).as("a room that lives answers").isTrue();
      unanswered.add(() -> answered.accept(inbox.receiveReply()));
    }
  }

  private void publish(String eventId) {
    if (!allIds.contains(eventId)) {
      allIds.add(eventId);
    }
    ask(
        replyTo -> new RoomCommand.Publish(encoded(eventId), null, null, 1, replyTo),
        (RoomCommand.Answer answer) ->
            onPublished(eventId, ((Published.Taken) answer.what()).ack()));
  }

  private void onPublished(String eventId, ProgressAck ack) {
    int retained = events().subList(firstRetained() - 1, events().size()).lastIndexOf(eventId);
    if (retained >= 0) {
      assertThat(ack)
          .isEqualTo(new ProgressAck("quiz1", (long) firstRetained() + retained, epoch, true));
      return;
    }
    events().add(eventId);
    assertThat(ack).isEqualTo(new ProgressAck("quiz1", (long) events().size(), epoch, false));
    clients.forEach(Client::onWoken);
  }

  private void idle() {
    Optional<RoomCommand> timer = timerMessage();
    if (leaving || timer.isEmpty()) {
      return;
    }
    nanos += TTL.toNanos();
    room.run(timer.get());
    hearItself();
    leaves();
    assertThat(leaving)
        .as("leaves when nobody watches, and only then")
        .isEqualTo(clients.stream().noneMatch(Client::isWatching));
  }

  /// What the room told itself arrives.
  private void look() {
    hearItself();
    leaves();
    if (leaving) {
      assertThat(events()).as("of a room that leaves at once").isEmpty();
      assertThat(clients.stream().noneMatch(Client::isWatching)).isTrue();
    }
  }

  private void hearItself() {
    while (room.selfInbox().hasMessages()) {
      room.runOne();
    }
  }

  private void leaves() {
    if (shard.hasMessages()) {
      leaving = true;
      passivated++;
      shard.getAllReceived();
    }
  }

  // A room that was never needed has none.
  private Optional<RoomCommand> timerMessage() {
    return room.getAllEffects().stream()
        .filter(Effect.TimerScheduled.class::isInstance)
        .map(effect -> (RoomCommand) ((Effect.TimerScheduled<?>) effect).msg())
        .findFirst();
  }

  private void stop() {
    // This kit does not signal by itself that a behavior has stopped.
    room.signal(PostStop.instance());
    room.run(RoomCommand.Stop.INSTANCE);
    assertThat(room.isAlive()).isFalse();
    clients.stream().filter(Client::isWatching).forEach(Client::onWoken);
    assertThat(wiring.empty().count()).isZero();
    String next = wiring.epochs().of("quiz1");
    assertThat(published.containsKey(next))
        .as("the same numbering, because it has not begun")
        .isEqualTo(events().isEmpty());
    epoch = next;
    leaving = false;
    room = newLife();
    while (!forNextLife.isEmpty()) {
      room.run(forNextLife.remove());
      unanswered.removeFirst().run();
    }
    look();
  }

  /// What a client believes, and what it is shown.
  private final class Client {

    private @Nullable Subscriber subscriber;
    private boolean isJoining;
    private String life = "none";
    private int lifeNumber;
    private long seen;
    private int wakes;
    private boolean isParked;

    boolean isWatching() {
      return subscriber != null && lifeNumber == lives;
    }

    void connect(Claim claim) {
      if (subscriber != null || isJoining) {
        return;
      }
      Position position = position(claim);
      wakes = 0;
      isParked = false;
      isJoining = true;
      Subscriber joining = new Subscriber(Loop.NONE, () -> wakes++);
      ask(
          RoomCommand.Find::new,
          (RoomCommand.FindReply reply) -> {
            assertThat(reply).isInstanceOf(RoomCommand.Found.class);
            Joined joined =
                Objects.requireNonNull(wiring.here().get("quiz1"))
                    .audience()
                    .join(joining, position);
            onJoined(joining, position, Objects.requireNonNull(joined));
          });
    }

    private @Nullable Position position(Claim claim) {
      return switch (claim) {
        case LIVE_ONLY -> null;
        case WHAT_WAS_READ -> new Position(seen, life);
        case WITHOUT_EPOCH -> new Position(seen, null);
        case FROM_ZERO -> new Position(0, life);
        case OTHER_EPOCH -> new Position(seen, "other");
        case BEYOND_THE_LAST -> new Position(events().size() + 1L + seen, epoch);
      };
    }

    private void onJoined(Subscriber joining, @Nullable Position position, Joined joined) {
      isJoining = false;
      subscriber = joining;
      life = epoch;
      lifeNumber = lives;
      int last = events().size();
      assertThat(joined.epoch()).isEqualTo(epoch);
      assertThat(joined.seq()).isEqualTo(last);
      assertThat(joined.firstSeq()).isEqualTo(last == 0 ? 0 : firstRetained());
      if (position == null) {
        assertThat(joined.recovered()).isNull();
        seen = last;
        return;
      }
      boolean canBeWhole =
          (position.after() == 0 || position.epoch() == null || position.epoch().equals(epoch))
              && position.after() <= last
              && position.after() >= firstRetained() - 1;
      assertThat(joined.recovered()).as("resume after %s", position).isEqualTo(canBeWhole);
      if (canBeWhole) {
        resumed++;
        seen = position.after();
      } else {
        refused++;
        seen = firstRetained() - 1L;
      }
    }

    /// The room had a reason to wake everybody.
    void onWoken() {
      assertThat(wakes).as("woken when it was parked, and only then").isEqualTo(isParked ? 1 : 0);
      wakes = 0;
      isParked = false;
    }

    void read(int count) {
      Subscriber from = subscriber;
      for (int i = 0; from != null && i < count; i++) {
        RoomEvent event = from.poll();
        if (event == null) {
          foundNothing(from);
          return;
        }
        seen++;
        assertThat(event.seq()).as("the next, in order, once").isEqualTo(seen);
        assertThat(event.eventId())
            .isEqualTo(published.getOrDefault(life, List.of()).get((int) seen - 1));
      }
    }

    private void foundNothing(Subscriber from) {
      if (lifeNumber != lives) {
        assertThat(from.isRoomClosed()).as("told that the room is gone").isTrue();
        subscriber = null;
      } else if (from.isLagged()) {
        assertThat(seen).as("lagged only when its event is gone").isLessThan(firstRetained() - 1);
        lagged++;
        cut(true);
      } else {
        assertUpToDate();
        isParked = true;
      }
    }

    void assertUpToDate() {
      if (!leaving && subscriber != null) {
        assertThat(lifeNumber).isEqualTo(lives);
        assertThat(seen).as("nothing is held back").isEqualTo(events().size());
      }
    }

    void cut(boolean isNoticed) {
      Subscriber left = subscriber;
      if (left == null) {
        return;
      }
      subscriber = null;
      isParked = false;
      left.leave();
      if (isNoticed && !leaving) {
        look();
      }
    }
  }
}
