package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.room.Admission.Joined;
import dev.agentrooms.webui.room.RoomLog.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A room whose log takes its time, fails, and outlives it.
@Timeout(60)
@Tag("unit")
class RecordingRoomTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration TTL = Duration.ofMinutes(30);
  private static final int HISTORY = 3;

  private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
  private final LinkedBlockingQueue<RoomCommand.Request> nextLife = new LinkedBlockingQueue<>();
  private final AtomicLong nanos = new AtomicLong();
  private final ControlledLog log = new ControlledLog(HISTORY);
  private final RoomWiring wiring = TestWiring.of(HISTORY, TTL, 1, nanos::get, log);
  private final Subscriber watcher = new Subscriber(Loop.NONE, () -> {});
  private ActorRef<RoomCommand> room = newLife();

  private ActorRef<RoomCommand> newLife() {
    return KIT.spawn(WakingRoom.create("quiz1", wiring, shard.getRef(), nextLife::add));
  }

  @AfterEach
  void stopRoom() {
    KIT.stop(room);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /// Who publishes one event, and waits.
  private final class Publisher {

    private final TestProbe<RoomCommand.Answer> probe = KIT.createTestProbe();

    Publisher(String eventId, @Nullable Delivery delivery) {
      room.tell(
          new RoomCommand.Publish(TestEvents.encoded(eventId), delivery, null, 7, probe.getRef()));
    }

    Published answer() {
      RoomCommand.Answer answer = probe.receiveMessage();
      assertThat(answer.number()).isEqualTo(7);
      return answer.what();
    }

    void waits() {
      probe.expectNoMessage(Duration.ZERO);
    }

    void isAt(long seq) {
      assertThat(answer()).isEqualTo(taken(seq, false));
    }

    void isAgainAt(@Nullable Long seq) {
      assertThat(answer()).isEqualTo(taken(seq, true));
    }

    void isRefused(Refused why) {
      assertThat(answer()).isEqualTo(why);
    }
  }

  private Published taken(@Nullable Long seq, boolean isDuplicate) {
    return new Published.Taken(
        new ProgressAck("quiz1", seq, local().read(0, 0).epoch(), isDuplicate));
  }

  private Publisher publish(String eventId) {
    return new Publisher(eventId, null);
  }

  private Publisher publish(String eventId, long life, long n) {
    return new Publisher(eventId, new Delivery(life, n));
  }

  /// Publishes and records.
  private void add(String eventId) {
    Publisher publisher = publish(eventId);
    settle();
    log.record(1);
    assertThat(publisher.answer()).isInstanceOf(Published.Taken.class);
  }

  private void add(String eventId, long life, long n) {
    Publisher publisher = publish(eventId, life, n);
    settle();
    log.record(1);
    assertThat(publisher.answer()).isInstanceOf(Published.Taken.class);
  }

  /// Returns when the room has done all that it was told before.
  private RoomCommand.FindReply settle() {
    TestProbe<RoomCommand.FindReply> probe = KIT.createTestProbe();
    room.tell(new RoomCommand.Find(probe.getRef()));
    return probe.receiveMessage();
  }

  private LocalRoom local() {
    return Objects.requireNonNull(wiring.here().get("quiz1"));
  }

  private Joined join(@Nullable Position position) {
    settle();
    return Objects.requireNonNull(local().audience().join(watcher, position));
  }

  private List<String> seen() {
    List<String> read = new ArrayList<>();
    for (var event = watcher.poll(); event != null; event = watcher.poll()) {
      read.add(event.seq() + event.eventId());
    }
    return read;
  }

  private List<String> retained() {
    return local().read(0, 100).events().stream().map(each -> each.seq() + each.eventId()).toList();
  }

  private void timePasses(Duration time) {
    nanos.addAndGet(time.toNanos());
    TIME.timePasses(time);
  }

  @Test
  void nothingIsAnsweredOrShownBeforeItIsRecorded() {
    join(null);
    Publisher a = publish("a");
    Publisher b = publish("b");
    settle();
    a.waits();
    assertThat(seen()).isEmpty();
    assertThat(retained()).isEmpty();
    assertThat(log.underWay()).isEqualTo(2);

    log.record(1);
    a.isAt(1);
    settle();
    b.waits();
    assertThat(seen()).containsExactly("1a");

    log.record(1);
    b.isAt(2);
    settle();
    assertThat(seen()).containsExactly("2b");
    assertThat(retained()).containsExactly("1a", "2b");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anEventThatFailsTakesThoseBehindItAlongAndTheNextSeqFollowsTheLast(int n) {
    join(null);
    List<Publisher> all = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      all.add(publish("e" + i));
    }
    settle();

    log.record(n - 1);
    log.fail(Failure.UNAVAILABLE, false);

    for (int i = 1; i < n; i++) {
      all.get(i - 1).isAt(i);
    }
    for (int i = n; i <= 4; i++) {
      all.get(i - 1).isRefused(Refused.STORE_UNAVAILABLE);
    }
    Publisher next = publish("e4");
    settle();
    log.record(1);
    next.isAt(n);
    settle();
    assertThat(retained()).hasSize(Math.min(n, HISTORY)).last().isEqualTo(n + "e4");
  }

  @Test
  void aFullStoreIsSaidToBeFull() {
    Publisher a = publish("a");
    settle();

    log.fail(Failure.FULL, false);

    a.isRefused(Refused.STORE_FULL);
  }

  @Test
  void whatTheLogSaysOfAnEventThatWasGivenUpIsTooLate() {
    join(null);
    Publisher a = publish("a");
    settle();
    Publisher b = publish("b");
    settle();
    log.fail(Failure.UNAVAILABLE, false);
    a.isRefused(Refused.STORE_UNAVAILABLE);
    b.isRefused(Refused.STORE_UNAVAILABLE);

    Publisher c = publish("c");
    settle();
    c.waits();
    log.record(1);
    c.isAt(1);
  }

  @Test
  void anEventThatIsGivenAgainWhileTheFirstIsOnItsWayWaitsForThatOnesAnswer() {
    Publisher first = publish("a");
    Publisher again = publish("a");
    settle();
    assertThat(log.underWay()).isEqualTo(1);
    again.waits();

    log.record(1);

    first.isAt(1);
    again.isAgainAt(1L);
  }

  @Test
  void whoWaitsForAnEventThatFailsIsRefusedToo() {
    join(null);
    Publisher first = publish("a");
    Publisher again = publish("a");
    settle();

    log.fail(Failure.UNAVAILABLE, false);

    first.isRefused(Refused.STORE_UNAVAILABLE);
    again.isRefused(Refused.STORE_UNAVAILABLE);
    Publisher third = publish("a");
    settle();
    log.record(1);
    third.isAt(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whetherAnEventOfUnknownOutcomeIsThereIsReadAndSaidWhenItComesAgain(boolean isThere) {
    add("a");
    join(null);
    Publisher b = publish("b");
    Publisher c = publish("c");
    settle();

    log.fail(Failure.UNKNOWN, isThere);

    b.isRefused(Refused.STORE_UNAVAILABLE);
    c.isRefused(Refused.STORE_UNAVAILABLE);
    Publisher again = publish("b");
    if (isThere) {
      again.isAgainAt(2L);
    } else {
      shard.awaitAssert(
          () -> {
            assertThat(log.underWay()).isEqualTo(1);
            return null;
          });
      log.record(1);
      again.isAt(2);
    }
    settle();
    assertThat(seen()).containsExactly("2b");
    assertThat(watcher.isRoomClosed()).isFalse();
    assertThat(log.opened()).isEqualTo(2);
  }

  @Test
  void aRoomThatCannotReadItsLogAgainRefusesAndTriesOnWhileItsWatchersStay() {
    add("a");
    join(null);
    Publisher b = publish("b");
    settle();
    log.away(Refused.STORE_UNAVAILABLE);
    log.fail(Failure.UNKNOWN, true);
    b.isRefused(Refused.STORE_UNAVAILABLE);
    publish("b").isRefused(Refused.STORE_UNAVAILABLE);
    assertThat(retained()).containsExactly("1a");

    log.away(null);
    timePasses(Duration.ofSeconds(1));

    publish("b").isAgainAt(2L);
    assertThat(seen()).containsExactly("2b");
    assertThat(watcher.isRoomClosed()).isFalse();
  }

  @Test
  void aRoomThatHasAnotherOwnerLeaves() {
    add("a");
    join(null);
    Publisher b = publish("b");
    settle();

    log.fail(Failure.FENCED, false);

    b.isRefused(Refused.STORE_UNAVAILABLE);
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(watcher.isRoomClosed()).isTrue();
    assertThat(wiring.here()).isEmpty();
    assertThat(log.forgotten()).isZero();
  }

  @Test
  void theNextLifeOfARoomGoesOnWhereTheLogEnds() {
    for (String id : List.of("a", "b", "c", "d")) {
      add(id);
    }
    String epoch = join(null).epoch();
    KIT.stop(room);
    room = newLife();

    assertThat(settle()).isEqualTo(new RoomCommand.Found(room));
    Subscriber back = new Subscriber(Loop.NONE, () -> {});
    assertThat(local().audience().join(back, new Position(2, epoch)))
        .isEqualTo(new Joined(epoch, 4, 2, true));
    assertThat(retained()).containsExactly("2b", "3c", "4d");
    publish("c").isAgainAt(3L);
    Publisher e = publish("e");
    settle();
    log.record(1);
    e.isAt(5);
  }

  @Test
  void whatIsAskedOfARoomThatIsReadWaits() {
    add("a");
    KIT.stop(room);
    log.holdOpenings();
    room = newLife();
    Publisher b = publish("b");
    Publisher a = publish("a");
    b.waits();

    log.letOpen();

    a.isAgainAt(1L);
    settle();
    log.record(1);
    b.isAt(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE_UNAVAILABLE", "STORE_FULL"})
  void aRoomThatCannotBeReadIsNeitherEmptyNorNew(Refused why) {
    add("a");
    KIT.stop(room);
    log.away(why);
    log.holdOpenings();
    room = newLife();
    Publisher b = publish("b");
    TestProbe<RoomCommand.FindReply> follower = KIT.createTestProbe();
    room.tell(new RoomCommand.Find(follower.getRef()));

    log.letOpen();

    b.isRefused(why);
    follower.expectMessage(new RoomCommand.NotFound(why));
    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(wiring.here()).isEmpty();
  }

  @Test
  void aRoomThatNobodyUsedForItsTtlIsForgottenWhenItIsRead() {
    add("a");
    String epoch = join(null).epoch();
    KIT.stop(room);
    log.unusedFor(TTL);
    room = newLife();

    Publisher a = publish("a");
    settle();
    log.record(1);

    a.isAt(1);
    assertThat(log.forgotten()).isEqualTo(1);
    assertThat(local().read(0, 1).epoch()).isNotEqualTo(epoch);
  }

  @Test
  void anUnwatchedRoomIsForgottenAfterItsTtlAndAWatchedOneIsSaidToBeInUse() {
    add("a");
    join(null);
    timePasses(TTL);
    timePasses(TTL);
    settle();
    assertThat(log.touched()).isPositive();
    assertThat(log.forgotten()).isZero();

    watcher.leave();
    settle();
    timePasses(TTL);

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
    assertThat(log.forgotten()).isEqualTo(1);
  }

  @Test
  void aRoomWithAnEventOnItsWayStays() {
    Publisher a = publish("a");
    settle();

    timePasses(TTL);
    timePasses(TTL);

    shard.expectNoMessage(Duration.ZERO);
    log.record(1);
    a.isAt(1);
  }

  @Test
  void aDeliveryIsRecognisedHoweverManyEventsOfOthersCameSince() {
    add("mine1", 4, 1);
    add("mine2", 4, 2);
    for (int i = 0; i < 3 * HISTORY; i++) {
      add("foreign" + i);
    }

    publish("mine1", 4, 1).isAgainAt(null);
    publish("mine2", 4, 2).isAgainAt(null);
    KIT.stop(room);
    room = newLife();
    settle();
    publish("mine2", 4, 2).isAgainAt(null);
    assertThat(log.underWay()).isZero();

    Publisher mine3 = publish("mine3", 4, 3);
    settle();
    log.record(1);
    mine3.isAt(3L + 3 * HISTORY);
    publish("mine3", 4, 3).isAgainAt(3L + 3 * HISTORY);
  }

  @Test
  void aLaterLifeOfASessionCountsItsDeliveriesAnew() {
    add("a", 4, 9);
    add("b", 5, 1);

    // One of the life before that is still on its way is known by its id alone.
    add("late", 4, 8);
    publish("b2", 5, 1).isAgainAt(null);
    add("c", 5, 2);
    assertThat(retained()).containsExactly("2b", "3late", "4c");
  }

  @Test
  void aDeliveryThatFailedIsNoneThatWasHad() {
    add("a", 1, 1);
    Publisher b = publish("b", 1, 2);
    Publisher c = publish("c", 1, 3);
    settle();
    log.fail(Failure.UNAVAILABLE, false);
    b.isRefused(Refused.STORE_UNAVAILABLE);
    c.isRefused(Refused.STORE_UNAVAILABLE);

    Publisher again = publish("b", 1, 2);
    settle();
    log.record(1);

    again.isAt(2);
  }
}
