package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.Delta;
import dev.agentrooms.webui.room.CopyCommand.Batch;
import dev.agentrooms.webui.room.CopyCommand.Following;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A room that other nodes follow.
@Tag("unit")
@Timeout(300)
class FollowedRoomTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration TTL = Duration.ofMinutes(30);

  private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
  private final TestProbe<CopyCommand> copy = KIT.createTestProbe();
  private final TestProbe<RoomCommand.Answer> publisher = KIT.createTestProbe();
  private final AtomicLong nanos = new AtomicLong();
  private final RoomWiring wiring = TestWiring.of(4, TTL, 1, nanos::get);
  private final String epoch = wiring.epochs().of("quiz1");
  private final ActorRef<RoomCommand> room =
      KIT.spawn(WakingRoom.create("quiz1", wiring, shard.getRef(), late -> {}));

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

  private void publish(String... ids) {
    for (String id : ids) {
      send(id);
      publisher.receiveMessage();
    }
  }

  private void send(String id) {
    room.tell(new RoomCommand.Publish(encoded(id), null, null, 1, publisher.getRef()));
  }

  private void follow(long after, long first, long last) {
    room.tell(new RoomCommand.Follow(after, copy.getRef()));
    copy.expectMessage(new Following(epoch, 0, first, last, null, room));
  }

  private void got(long seq) {
    room.tell(new RoomCommand.Got(seq, copy.getRef()));
  }

  private void comes(long from, String... ids) {
    Batch batch = copy.expectMessageClass(Batch.class);
    assertThat(batch.from()).isEqualTo(from);
    List<String> events =
        batch.shown().stream().map(each -> ((CopyCommand.Event) each).eventId()).toList();
    assertThat(events).containsExactly(ids);
  }

  @Test
  void oneBatchIsUnderWayAndTheNextHasAllThatCameMeanwhile() {
    publish("a");
    follow(0, 1, 1);
    comes(1, "a");
    publish("b", "c");
    copy.expectNoMessage(Duration.ZERO);
    got(1);
    comes(2, "b", "c");
    got(3);
    copy.expectNoMessage(Duration.ZERO);
    publish("d");
    comes(4, "d");
  }

  @Test
  void anEventArrivesAsItWasPublished() {
    publish("a");
    follow(0, 1, 1);
    Batch batch = copy.expectMessageClass(Batch.class);

    assertThat(((CopyCommand.Event) batch.shown().getFirst()).json())
        .isEqualTo(encoded("a").json());
  }

  @Test
  void aCopyThatComesLateGetsTheTextThatIsBeingWritten() {
    publish("a");
    room.tell(new RoomCommand.Write(new Delta("quiz1", "r-1", "draft", 0, "Once ")));
    room.tell(new RoomCommand.Write(new Delta("quiz1", "r-1", "draft", 5, "upon")));
    follow(0, 1, 1);
    Batch batch = copy.expectMessageClass(Batch.class);

    // In the pieces that its session cut, which are counted there as here.
    assertThat(batch.shown())
        .endsWith(
            new CopyCommand.Text(new Delta("quiz1", "r-1", "draft", 0, "Once ")),
            new CopyCommand.Text(new Delta("quiz1", "r-1", "draft", 5, "upon")));
    room.tell(new RoomCommand.Write(new Delta("quiz1", "r-1", "draft", 9, " a")));
    got(1);
    assertThat(copy.expectMessageClass(Batch.class).shown())
        .containsExactly(new CopyCommand.Text(new Delta("quiz1", "r-1", "draft", 9, " a")));
  }

  @Test
  void aCopyThatFollowsAgainGoesOnWhereItSaysItIs() {
    publish("a", "b", "c");
    follow(2, 1, 3);
    comes(3, "c");
    // Whatever was under way may be lost.
    follow(1, 1, 3);
    comes(2, "b", "c");
  }

  @Test
  void aCopyThatIsTooFarBehindIsToldSo() {
    publish("a");
    follow(0, 1, 1);
    comes(1, "a");
    timePasses(Duration.ofSeconds(1));
    publish("b", "c", "d", "e", "f");
    got(1);
    copy.expectMessage(new CopyCommand.Overtaken(0, 3));
    got(2);
    comes(3, "c", "d", "e", "f");
  }

  @Test
  void whoeverPublishesFasterThanACopyCanShowIsAnsweredLater() {
    publish("a");
    follow(0, 1, 1);
    comes(1, "a");
    publish("b", "c");
    send("d");
    publisher.expectNoMessage(Duration.ZERO);
    got(1);
    comes(2, "b", "c", "d");
    publisher.receiveMessage();
  }

  @Test
  void nobodyWaitsForACopyThatSaysNothing() {
    publish("a");
    follow(0, 1, 1);
    comes(1, "a");
    publish("b", "c");
    send("d");
    publisher.expectNoMessage(Duration.ZERO);
    timePasses(Duration.ofSeconds(1));
    publisher.receiveMessage();
    publish("e");
  }

  @Test
  void aRoomIsThereForItsCopiesUntilTheLastHasGone() {
    follow(0, 0, 0);
    timePasses(TTL.plusSeconds(1));
    shard.expectNoMessage(Duration.ZERO);

    room.tell(new RoomCommand.Unfollow(copy.getRef()));

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }

  @Test
  void aCopyWhoseNodeIsGoneIsNotFollowedAnyMore() {
    follow(0, 0, 0);
    copy.stop();

    shard.expectMessage(new ClusterSharding.Passivate<>(room));
  }
}
