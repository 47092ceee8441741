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
import java.util.Objects;
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
  private final LinkedBlockingQueue<RoomCommand.Request> nextLife = new LinkedBlockingQueue<>();
  private final AtomicInteger wakes = new AtomicInteger();
  private final Subscriber watcher = new Subscriber(Loop.NONE, wakes::incrementAndGet);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final RoomWiring wiring = TestWiring.of(3, TTL, 1, nanos::get);
  private final Map<String, LocalRoom> here = wiring.here();
  private final String epoch = wiring.epochs().of("quiz1");
  private final ActorRef<RoomCommand> room = newRoom("quiz1");

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
    return publish(room, eventId);
  }

  private static ProgressAck publish(ActorRef<RoomCommand> room, String eventId) {
    TestProbe<RoomCommand.Answer> probe = KIT.createTestProbe();
    room.tell(new RoomCommand.Publish(encoded(eventId), null, null, 1, probe.getRef()));
    return switch (probe.receiveMessage().what()) {
      case Published.Taken(ProgressAck ack) -> ack;
      case Published.OutOfTurn why -> throw new AssertionError(why);
      case Refused refused -> throw new AssertionError(refused);
    };
  }

  private ActorRef<RoomCommand> newRoom(String sessionId) {
    return KIT.spawn(WakingRoom.create(sessionId, wiring, shard.getRef(), nextLife::add));
  }

  private static RoomCommand.FindReply find(ActorRef<RoomCommand> room) {
    TestProbe<RoomCommand.FindReply> probe = KIT.createTestProbe();
    room.tell(new RoomCommand.Find(probe.getRef()));
    return probe.receiveMessage();
  }

  private @Nullable Joined join(Subscriber subscriber, @Nullable Position position) {
    find(room);
    return local().audience().join(subscriber, position);
  }

  private LocalRoom local() {
    return Objects.requireNonNull(here.get("quiz1"));
  }

  private Retained read(long after, int limit) {
    return local().read(after, limit);
  }

  /// The room answers first and wakes then: when it has answered this too, it has woken them all.
  private int wakesSoFar() {
    find(room);
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
    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 1L, epoch, false));
    assertThat(publish("b")).isEqualTo(new ProgressAck("quiz1", 2L, epoch, false));
    assertThat(publish("c")).isEqualTo(new ProgressAck("quiz1", 3L, epoch, false));
  }

  @Test
  void aRepeatedEventKeepsItsPlace() {
    publish("a");
    publish("b");

    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 1L, epoch, true));
    assertThat(publish("b")).isEqualTo(new ProgressAck("quiz1", 2L, epoch, true));
    assertThat(publish("c")).isEqualTo(new ProgressAck("quiz1", 3L, epoch, false));
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

    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 5L, epoch, false));
    // What came again is held as the first was.
    assertThat(publish("a")).isEqualTo(new ProgressAck("quiz1", 5L, epoch, true));
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
    watcher.leave();
    find(room);
    shard.expectNoMessage(Duration.ZERO);

    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }

  @Test
  void aRoomThatNobodyComesToWatchLeaves() {
    assertThat(find(room)).isEqualTo(new RoomCommand.Found(room));

    timePasses(Duration.ofSeconds(5));

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(here).isEmpty();
    assertThat(wiring.empty().count()).isZero();
  }

  @Test
  void anEmptyRoomStaysForAsLongAsItIsWatched() {
    join(watcher, null);
    timePasses(TTL);
    timePasses(TTL);
    read(0, 10);
    shard.expectNoMessage(Duration.ZERO);
    assertThat(wiring.empty().count()).isEqualTo(1);

    watcher.leave();

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.empty().count()).isZero();
  }

  @Test
  void aRoomWithAnEventIsEmptyNoMore() {
    join(watcher, null);
    publish("a");

    assertThat(wiring.empty().count()).isZero();
    assertThat(drain(watcher)).containsExactly("1a");
    watcher.leave();
    read(0, 10);
    shard.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whoWouldWatchOneEmptyRoomTooManyIsRefused() {
    ActorRef<RoomCommand> other = newRoom("quiz2");
    join(watcher, null);
    var late = new Subscriber(Loop.NONE, () -> {});

    assertThat(find(other)).isEqualTo(new RoomCommand.NotFound(Refused.TOO_MANY_EMPTY));
    shard.expectMessage(new ClusterSharding.Passivate<>(other));

    // The room that is watched has its place already, and one with events needs none.
    assertThat(join(late, null)).isEqualTo(new Joined(epoch, 0, 0, null));
    ActorRef<RoomCommand> busy = newRoom("quiz3");
    publish(busy, "a");
    assertThat(find(busy)).isInstanceOf(RoomCommand.Found.class);
    KIT.stop(other);
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
    watcher.leave();
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.epochs().of("quiz1")).isEqualTo(epoch);

    ActorRef<RoomCommand> next = newRoom("quiz1");
    ProgressAck ack = publish(next, "a");
    assertThat(ack.epoch()).isEqualTo(epoch);
    KIT.stop(next);

    assertThat(wiring.epochs().of("quiz1")).isNotEqualTo(epoch);
  }

  @Test
  void whatArrivesWhileARoomLeavesGoesToItsNextLife() throws Exception {
    publish("a");
    LocalRoom known = local();
    timePasses(TTL);
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    TestProbe<RoomCommand.Answer> publisher = KIT.createTestProbe();
    TestProbe<RoomCommand.FindReply> follower = KIT.createTestProbe();
    var publish = new RoomCommand.Publish(encoded("b"), null, null, 1, publisher.getRef());
    List<RoomCommand.Request> late = List.of(publish, new RoomCommand.Find(follower.getRef()));

    late.forEach(room::tell);
    room.tell(RoomCommand.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(nextLife).containsExactlyElementsOf(late);
    publisher.expectNoMessage(Duration.ZERO);
    follower.expectNoMessage(Duration.ZERO);
    // Who has found it here before it left is told to go the other way.
    assertThat(known.tell(publish)).isFalse();
    assertThat(known.audience().join(watcher, null)).isNull();
  }

  @Test
  void aRoomIsHereUntilItLeaves() {
    publish("a");
    assertThat(here).containsOnlyKeys("quiz1");

    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(here).isEmpty();
  }

  @Test
  void aRoomThatStopsIsNoLongerHereButItsNextLifeIs() {
    publish("a");
    LocalRoom next =
        new LocalRoom(
            room, new History("k3f9", 3), local().audience(), new LastUse(nanos::get), () -> null);
    here.put("quiz1", next);

    room.tell(RoomCommand.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(here).containsExactly(Map.entry("quiz1", next));
  }

  @Test
  void aRoomThatStopsWakesItsWatchers() {
    publish("a");
    join(watcher, null);
    drain(watcher);
    assertThat(watcher.isRoomClosed()).isFalse();

    room.tell(RoomCommand.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(room);

    assertThat(wakes).hasValue(1);
    assertThat(watcher.isRoomClosed()).isTrue();
  }
}
