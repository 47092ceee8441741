package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.webui.room.Admission.Joined;
import dev.agentrooms.webui.room.CopyCommand.Batch;
import dev.agentrooms.webui.room.CopyCommand.Following;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A room of another node, as those see it who watch it here.
@Tag("unit")
@Timeout(300)
class CopyTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final int HISTORY = 5;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RoomWiring wiring =
      TestWiring.of(HISTORY, Duration.ofMinutes(30), 1, System::nanoTime, NoLog.INSTANCE, registry);
  private final LinkedBlockingQueue<RoomCommand.Request> asked = new LinkedBlockingQueue<>();
  private final TestProbe<Copies.Command> keeper = KIT.createTestProbe();
  private final Copies copies = new Copies();
  private TestProbe<RoomCommand> room = KIT.createTestProbe();
  private final ActorRef<CopyCommand> copy =
      KIT.spawn(Copy.create("quiz1", wiring, copies, asked::add, keeper.getRef(), null));
  private final CompletableFuture<Optional<Refused>> ready = want();

  @AfterEach
  void stopCopy() {
    KIT.stop(copy);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private CompletableFuture<Optional<Refused>> want() {
    CompletableFuture<Optional<Refused>> wanted = new CompletableFuture<>();
    copy.tell(new CopyCommand.Wanted(wanted));
    return wanted;
  }

  private static Optional<Refused> told(CompletableFuture<Optional<Refused>> waiting) {
    return waiting.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private RoomCommand.Request next() {
    try {
      return Objects.requireNonNull(asked.poll(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void found(long generation, long first, long last) {
    copy.tell(new Following("k3f9", generation, first, last, null, room.getRef()));
  }

  private void batch(long generation, long from, String... ids) {
    copy.tell(
        new Batch(
            generation,
            from,
            Stream.of(ids)
                .<CopyCommand.Shown>map(id -> new CopyCommand.Event(id, encoded(id).json()))
                .toList()));
  }

  private double searching() {
    return registry.get("agentrooms.copies.searching").gauge().value();
  }

  private void hasGot(long seq) {
    room.expectMessage(new RoomCommand.Got(seq, copy));
  }

  private Subscriber watcher(@Nullable Position position, Joined expected) {
    Subscriber watcher = new Subscriber(Loop.NONE, () -> {});
    assertThat(Objects.requireNonNull(copies.audience("quiz1")).join(watcher, position))
        .isEqualTo(expected);
    return watcher;
  }

  private static List<String> read(Subscriber watcher) {
    List<String> read = new ArrayList<>();
    for (RoomEvent event = watcher.poll(); event != null; event = watcher.poll()) {
      read.add(event.seq() + event.eventId());
    }
    return read;
  }

  @Test
  void nobodyIsLetInBeforeTheCopyHasWhatIsRetained() {
    assertThat(next()).isEqualTo(new RoomCommand.Follow(0, copy));
    found(1, 3, 6);
    batch(1, 3, "c", "d");
    hasGot(4);
    assertThat(ready).isNotDone();
    assertThat(copies.audience("quiz1")).isNull();

    batch(1, 5, "e", "f");
    hasGot(6);

    assertThat(told(ready)).isEmpty();
    assertThat(told(want())).isEmpty();
    assertThat(read(watcher(new Position(2, "k3f9"), new Joined("k3f9", 6, 3, true))))
        .containsExactly("3c", "4d", "5e", "6f");
    watcher(new Position(1, "k3f9"), new Joined("k3f9", 6, 3, false));
  }

  @Test
  void eachEventIsTakenOnceInOrder() {
    found(1, 0, 0);
    assertThat(told(ready)).isEmpty();
    Subscriber watcher = watcher(null, new Joined("k3f9", 0, 0, null));
    batch(1, 1, "a", "b");
    hasGot(2);
    batch(1, 1, "a", "b", "c");
    hasGot(3);
    batch(1, 5, "e");
    // It says where it is, and the room goes on from there.
    hasGot(3);
    batch(1, 4, "d", "e");
    hasGot(5);

    assertThat(read(watcher)).containsExactly("1a", "2b", "3c", "4d", "5e");
  }

  @Test
  void aRoomThatMovesIsFoundAgainAndItsFormerOwnerIsNotHeard() {
    next();
    found(1, 1, 1);
    batch(1, 1, "a");
    hasGot(1);
    Subscriber watcher = watcher(new Position(0, null), new Joined("k3f9", 1, 1, true));
    TestProbe<RoomCommand> former = room;
    room = KIT.createTestProbe();
    former.stop();
    for (int i = 0; i < 3; i++) {
      assertThat(next()).isEqualTo(new RoomCommand.Follow(1, copy));
      assertThat(searching()).isEqualTo(1);
      TIME.timePasses(Duration.ofSeconds(1));
    }
    found(3, 1, 2);
    batch(1, 2, "of the former");
    batch(3, 2, "b");
    hasGot(2);

    assertThat(searching()).isZero();
    assertThat(read(watcher)).containsExactly("1a", "2b");
    assertThat(watcher.roomEnd()).isNull();
  }

  @Test
  void whatNobodyHasAnyMoreIsLostToThoseWhoWaitedForItAndToNobodyElse() {
    found(1, 1, 1);
    batch(1, 1, "a");
    hasGot(1);
    Subscriber behind = watcher(new Position(0, null), new Joined("k3f9", 1, 1, true));
    copy.tell(new CopyCommand.Overtaken(1, 9));
    hasGot(8);
    batch(1, 9, "i");
    hasGot(9);

    assertThat(read(behind)).containsExactly("1a");
    assertThat(behind.isLagged()).isTrue();
    assertThat(read(watcher(new Position(8, "k3f9"), new Joined("k3f9", 9, 9, true))))
        .containsExactly("9i");
  }

  @Test
  void anotherLifeOfTheRoomIsAnotherRoom() {
    found(1, 1, 1);
    batch(1, 1, "a");
    hasGot(1);
    Subscriber watcher = watcher(null, new Joined("k3f9", 1, 1, null));
    copy.tell(new Following("new", 2, 0, 0, null, room.getRef()));

    keeper.expectMessage(new Copies.Ending("quiz1", copy));
    assertThat(watcher.roomEnd()).isEqualTo(RoomEnd.RESTARTED);
    assertThat(copies.audience("quiz1")).isNull();
    // Whoever comes now is let in by the next copy.
    assertThat(told(want())).isEmpty();
  }

  @Test
  void withoutARoomForThirtySecondsTheWatchersAreSentAway() {
    found(1, 1, 1);
    batch(1, 1, "a");
    hasGot(1);
    Subscriber watcher = watcher(null, new Joined("k3f9", 1, 1, null));
    room.stop();
    next();
    next();
    TIME.timePasses(Duration.ofSeconds(29));
    assertThat(watcher.roomEnd()).isNull();
    TIME.timePasses(Duration.ofSeconds(1));

    keeper.expectMessage(new Copies.Ending("quiz1", copy));
    assertThat(watcher.roomEnd()).isEqualTo(RoomEnd.UNREACHABLE);
    assertThat(searching()).isZero();
  }

  @Test
  void aRoomThatCannotBeWatchedLetsNobodyIn() {
    copy.tell(new CopyCommand.NotFollowing(Refused.TOO_MANY_EMPTY));

    assertThat(told(ready)).contains(Refused.TOO_MANY_EMPTY);
    keeper.expectMessage(new Copies.Ending("quiz1", copy));
  }

  @Test
  void aCopyThatNobodyWatchesEnds() {
    found(1, 0, 0);
    assertThat(told(ready)).isEmpty();
    Subscriber watcher = watcher(null, new Joined("k3f9", 0, 0, null));
    TIME.timePasses(Duration.ofSeconds(31));
    keeper.expectNoMessage(Duration.ZERO);

    watcher.leave();
    assertThat(told(want())).isEmpty();
    TIME.timePasses(Duration.ofSeconds(31));

    keeper.expectMessage(new Copies.Ending("quiz1", copy));
    room.fishForMessage(
        Duration.ofSeconds(60),
        message ->
            message.equals(new RoomCommand.Unfollow(copy))
                ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
  }

  @Test
  void aCopyThatHearsNothingSaysWhereItIs() {
    found(1, 0, 0);
    assertThat(told(ready)).isEmpty();
    TIME.timePasses(Duration.ofSeconds(5));
    hasGot(0);
  }
}
