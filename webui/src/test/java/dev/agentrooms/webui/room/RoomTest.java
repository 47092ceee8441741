package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.room.Admission.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
@Timeout(300)
class RoomTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration TTL = Duration.ofMinutes(30);
  private static final Duration ALMOST_TTL = TTL.minusSeconds(1);

  private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
  private final LinkedBlockingQueue<Room.Request> nextLife = new LinkedBlockingQueue<>();
  private final AtomicInteger wakes = new AtomicInteger();
  private final Subscriber watcher = new Subscriber(Loop.NONE, wakes::incrementAndGet);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final RoomWiring wiring = TestWiring.of(3, TTL, 1, nanos::get);
  private final Map<String, ActorRef<Room.Command>> here = wiring.here();
  private final String epoch = wiring.epochs().of("quiz1");
  private final ActorRef<Room.Command> room = newRoom("quiz1");

  @AfterEach
  void stopRoom() {
    KIT.stop(room);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void timePasses(Duration time) {
    nanos.addAndGet(time.toNanos());
    TIME.timePasses(time);
  }

  private ProgressAck publish(String eventId) {
    return ask(replyTo -> new Room.Publish(encoded(eventId), replyTo::tell));
  }

  private ActorRef<Room.Command> newRoom(String sessionId) {
    return KIT.spawn(Room.create(sessionId, wiring, shard.getRef(), nextLife::add));
  }

  private Admission join(Subscriber subscriber, @Nullable Position position) {
    return ask(replyTo -> new Room.Join(subscriber, position, replyTo));
  }

  private Retained read(long after, int limit) {
    return ask(replyTo -> new Room.Read(after, limit, replyTo));
  }

  private <T> T ask(org.apache.pekko.japi.function.Function<ActorRef<T>, Room.Command> request) {
    return ask(room, request);
  }

  private static <T> T ask(
      ActorRef<Room.Command> room,
      org.apache.pekko.japi.function.Function<ActorRef<T>, Room.Command> request) {
    TestProbe<T> probe = KIT.createTestProbe();
    try {
      room.tell(request.apply(probe.getRef()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return probe.receiveMessage();
  }

  /// The room answers first and wakes then: when it has answered this too, it has woken them all.
  private int wakesSoFar() {
    read(0, 1);
    return wakes.get();
  }

  private static List<String> drain(Subscriber subscriber) {
    var read = new ArrayList<String>();
    for (var event = subscriber.poll(); event != null; event = subscriber.poll()) {
      read.add(event.seq() + event.eventId());
    }
    return read;
  }

  @Test
  void eventsAreNumberedFromOne() {
    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 1, epoch, false));
    assertThat(publish("b")).isEqualTo(new ProgressAck("quiz1", 2, epoch, false));
    assertThat(publish("c")).isEqualTo(new ProgressAck("quiz1", 3, epoch, false));
  }

  @Test
  void aRepeatedEventKeepsItsPlace() {
    publish("a");
    publish("b");

    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 1, epoch, true));
    assertThat(publish("b")).isEqualTo(new ProgressAck("quiz1", 2, epoch, true));
    assertThat(publish("c")).isEqualTo(new ProgressAck("quiz1", 3, epoch, false));
    assertThat(read(0, 10).lastSeq()).isEqualTo(3);
  }

  @Test
  void aRepeatedEventWakesNobody() {
    publish("a");
    join(watcher, null);
    drain(watcher);

    publish("a");

    assertThat(wakesSoFar()).isEqualTo(0);
    assertThat(drain(watcher)).isEmpty();
  }

  @Test
  void anEventMayComeAgainOnceTheFirstWasEvicted() {
    publish("a");
    publish("b");
    publish("c");
    assertThat(publish("a").duplicate()).isTrue();
    publish("d");

    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 5, epoch, false));
    // What came again is held as the first was.
    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 5, epoch, true));
    // "b" had to go for it.
    assertThat(publish("b").duplicate()).isFalse();
  }

  @Test
  void readingGivesWhatIsRetained() {
    publish("a");
    publish("b");
    publish("c");
    publish("d");

    var retained = read(0, 10);
    assertThat(retained.firstSeq()).isEqualTo(2);
    assertThat(retained.lastSeq()).isEqualTo(4);
    assertThat(retained.events()).extracting(RoomEvent::eventId).containsExactly("b", "c", "d");
    assertThat(read(2, 1).events()).extracting(RoomEvent::eventId).containsExactly("c");
  }

  @Test
  void aWatcherWithoutAPositionGetsLiveEventsOnly() {
    publish("a");

    assertThat(join(watcher, null)).isEqualTo(new Joined(epoch, 1, 1, null));
    assertThat(drain(watcher)).isEmpty();
    publish("b");
    assertThat(wakesSoFar()).isEqualTo(1);
    assertThat(drain(watcher)).containsExactly("2b");
  }

  @Test
  void aWatcherOfAnEmptyRoomIsToldItsEpoch() {
    assertThat(join(watcher, null)).isEqualTo(new Joined(epoch, 0, 0, null));
  }

  @Test
  void aWatcherResumesAndGoesOnLive() {
    publish("a");
    publish("b");
    publish("c");

    assertThat(join(watcher, new Position(1, epoch))).isEqualTo(new Joined(epoch, 3, 1, true));
    publish("d");
    assertThat(drain(watcher)).containsExactly("2b", "3c", "4d");
  }

  @Test
  void aWatcherThatCannotResumeIsToldAndGetsWhatIsRetained() {
    publish("a");
    publish("b");
    publish("c");
    publish("d");

    assertThat(join(watcher, new Position(3, "old"))).isEqualTo(new Joined(epoch, 4, 2, false));
    assertThat(drain(watcher)).containsExactly("2b", "3c", "4d");
  }

  @Test
  void aWatcherThatLeftIsNotWokenAnyMore() {
    publish("z");
    join(watcher, null);
    drain(watcher);

    room.tell(new Room.Leave(watcher));
    publish("a");

    assertThat(wakesSoFar()).isEqualTo(0);
  }

  @Test
  void aWatcherThatIsGoneIsForgottenWithoutAWord() {
    join(watcher, null);
    drain(watcher);

    watcher.leave();
    publish("a");

    assertThat(wakesSoFar()).isEqualTo(0);
  }

  @Test
  void aSlowWatcherHoldsUpNobody() {
    var slow = new Subscriber(Loop.NONE, () -> {});
    join(slow, null);
    join(watcher, null);

    var read = new ArrayList<String>();
    for (int i = 1; i <= 20; i++) {
      publish("e" + i);
      read.addAll(drain(watcher));
    }

    assertThat(read).hasSize(20);
    assertThat(slow.isLagged()).isTrue();
    assertThat(watcher.isLagged()).isFalse();
  }

  @Test
  void anUnwatchedRoomAsksToLeaveAfterItsTtl() {
    publish("a");

    timePasses(ALMOST_TTL);
    shard.expectNoMessage(Duration.ZERO);
    timePasses(Duration.ofSeconds(1));

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }

  @Test
  void whateverIsAskedOfARoomKeepsItAwake() {
    publish("a");
    timePasses(ALMOST_TTL);
    publish("b");
    timePasses(ALMOST_TTL);
    read(0, 10);
    timePasses(ALMOST_TTL);
    publish("b");
    timePasses(ALMOST_TTL);

    shard.expectNoMessage(Duration.ZERO);
    assertThat(publish("c").seq()).isEqualTo(3);
  }

  @Test
  void aWatchedRoomDoesNotLeave() {
    publish("a");
    join(watcher, null);

    timePasses(TTL);
    timePasses(TTL);
    timePasses(TTL);

    shard.expectNoMessage(Duration.ZERO);
    assertThat(publish("b").seq()).isEqualTo(2);
    assertThat(drain(watcher)).containsExactly("2b");
  }

  @Test
  void aRoomLeavesAfterItsLastWatcherDid() {
    publish("a");
    join(watcher, null);
    timePasses(TTL);
    room.tell(new Room.Leave(watcher));
    read(0, 1);
    shard.expectNoMessage(Duration.ZERO);

    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }

  @Test
  void aRoomThatIsOnlyReadAnswersAndLeaves() {
    assertThat(read(0, 10)).isEqualTo(new Retained(epoch, 0, 0, List.of()));

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(here).isEmpty();
  }

  @Test
  void anEmptyRoomStaysForAsLongAsItIsWatched() {
    join(watcher, null);
    timePasses(TTL);
    timePasses(TTL);
    read(0, 10);
    shard.expectNoMessage(Duration.ZERO);
    assertThat(wiring.empty().count()).isEqualTo(1);

    room.tell(new Room.Leave(watcher));

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.empty().count()).isZero();
  }

  @Test
  void aRoomWithAnEventIsEmptyNoMore() {
    join(watcher, null);
    publish("a");

    assertThat(wiring.empty().count()).isZero();
    assertThat(drain(watcher)).containsExactly("1a");
    room.tell(new Room.Leave(watcher));
    read(0, 10);
    shard.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whoWouldWatchOneEmptyRoomTooManyIsRefused() {
    ActorRef<Room.Command> other = newRoom("quiz2");
    join(watcher, null);
    var late = new Subscriber(Loop.NONE, () -> {});

    assertThat(ask(other, (ActorRef<Boolean> replyTo) -> new Room.Knock(replyTo))).isFalse();
    shard.expectMessage(new ClusterSharding.Passivate<>(other));
    ActorRef<Room.Command> another = newRoom("quiz2");
    assertThat(ask(another, (ActorRef<Admission> replyTo) -> new Room.Join(late, null, replyTo)))
        .isEqualTo(Admission.TooManyEmpty.INSTANCE);
    shard.expectMessage(new ClusterSharding.Passivate<>(another));

    // The room that is watched has its place already, and one with events needs none.
    assertThat(join(late, null)).isEqualTo(new Joined(epoch, 0, 0, null));
    ActorRef<Room.Command> busy = newRoom("quiz3");
    ask(busy, (ActorRef<ProgressAck> to) -> new Room.Publish(encoded("a"), to::tell));
    assertThat(ask(busy, (ActorRef<Boolean> replyTo) -> new Room.Knock(replyTo))).isTrue();
    assertThat(ask(busy, (ActorRef<Admission> replyTo) -> new Room.Join(late, null, replyTo)))
        .isInstanceOf(Joined.class);
    KIT.stop(other);
    KIT.stop(another);
    KIT.stop(busy);
  }

  @Test
  void aWatcherWhoseFarewellCameFirstIsNotWaitedFor() {
    watcher.leave();
    join(watcher, null);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.empty().count()).isZero();
  }

  @Test
  void theEpochIsAnotherOneAfterALifeWithEventsOnly() {
    join(watcher, null);
    room.tell(new Room.Leave(watcher));
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.epochs().of("quiz1")).isEqualTo(epoch);

    ActorRef<Room.Command> next = newRoom("quiz1");
    ProgressAck ack =
        ask(next, (ActorRef<ProgressAck> to) -> new Room.Publish(encoded("a"), to::tell));
    assertThat(ack.epoch()).isEqualTo(epoch);
    KIT.stop(next);

    assertThat(wiring.epochs().of("quiz1")).isNotEqualTo(epoch);
  }

  @Test
  void aWatcherThatVanishedDoesNotKeepARoomAwake() {
    join(watcher, null);
    watcher.leave();

    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }

  @Test
  void whatArrivesWhileARoomLeavesGoesToItsNextLife() throws Exception {
    publish("a");
    timePasses(TTL);
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    TestProbe<ProgressAck> publisher = KIT.createTestProbe();
    TestProbe<Admission> joiner = KIT.createTestProbe();
    TestProbe<Retained> reader = KIT.createTestProbe();
    List<Room.Request> late =
        List.of(
            new Room.Publish(encoded("b"), publisher.getRef()::tell),
            new Room.Join(watcher, null, joiner.getRef()),
            new Room.Read(0, 10, reader.getRef()),
            new Room.Leave(watcher));

    late.forEach(room::tell);
    room.tell(Room.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(nextLife).containsExactlyElementsOf(late);
    publisher.expectNoMessage(Duration.ZERO);
    joiner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aRoomIsHereUntilItLeaves() {
    publish("a");
    assertThat(here).containsExactly(Map.entry("quiz1", room));

    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(here).isEmpty();
  }

  @Test
  void aRoomThatStopsIsNoLongerHereButItsNextLifeIs() {
    publish("a");
    ActorRef<Room.Command> next = KIT.<Room.Command>createTestProbe().getRef();
    here.put("quiz1", next);

    room.tell(Room.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(here).containsExactly(Map.entry("quiz1", next));
  }

  @Test
  void aRoomThatStopsWakesItsWatchers() {
    publish("a");
    join(watcher, null);
    drain(watcher);
    assertThat(watcher.isRoomClosed()).isFalse();

    room.tell(Room.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(wakes).hasValue(1);
    assertThat(watcher.isRoomClosed()).isTrue();
  }
}
