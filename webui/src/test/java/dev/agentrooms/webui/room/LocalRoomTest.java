package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.webui.Stress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("race")
class LocalRoomTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int TELLERS = 4;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Audience audience(History history) {
    return new Audience(
        history,
        new RoomMetrics(new SimpleMeterRegistry()),
        new LastUse(System::nanoTime),
        told -> {});
  }

  @Test
  void aRoomIsToldThatAllIsToldBehindTheLastEvent() throws Exception {
    for (int i = 0; i < Stress.times(40); i++) {
      Queue<RoomCommand> told = new ConcurrentLinkedQueue<>();
      CountDownLatch allTold = new CountDownLatch(1);
      ActorRef<RoomCommand> room =
          KIT.spawn(
              Behaviors.receiveMessage(
                  command -> {
                    told.add(command);
                    if (command == RoomCommand.AllTold.INSTANCE) {
                      allTold.countDown();
                    }
                    return Behaviors.same();
                  }));
      History history = new History("k3f9", 3);
      LocalRoom local =
          new LocalRoom(
              room, history, audience(history), new LastUse(System::nanoTime), () -> null);
      var publish =
          new RoomCommand.Publish(TestEvents.encoded("a"), null, null, 1, KIT.system().ignoreRef());
      CountDownLatch begun = new CountDownLatch(TELLERS);
      int taken = 0;
      try (var threads = Executors.newFixedThreadPool(TELLERS)) {
        List<Future<Integer>> tellers = new ArrayList<>();
        for (int t = 0; t < TELLERS; t++) {
          tellers.add(
              threads.submit(
                  () -> {
                    int mine = 0;
                    while (local.tell(publish)) {
                      mine++;
                      begun.countDown();
                    }
                    return mine;
                  }));
        }
        begun.await();
        local.close();
        for (Future<Integer> teller : tellers) {
          taken += teller.get();
        }
      }
      assertThat(allTold.await(30, TimeUnit.SECONDS)).isTrue();

      List<RoomCommand> all = List.copyOf(told);
      assertThat(all).hasSize(taken + 1).endsWith(RoomCommand.AllTold.INSTANCE);
      KIT.stop(room);
    }
  }

  @Test
  void whoJoinsWhileEventsComeMissesNoneAndWhoLeavesIsForgotten() throws Exception {
    int events = Stress.times(4_000);
    History history = new History("k3f9", events);
    Audience audience = audience(history);
    try (var threads = Executors.newFixedThreadPool(TELLERS)) {
      List<Future<?>> watchers = new ArrayList<>();
      for (int t = 0; t < TELLERS; t++) {
        watchers.add(
            threads.submit(
                () -> {
                  while (history.last() < events) {
                    Subscriber subscriber = new Subscriber(Loop.NONE, () -> {});
                    var joined = Objects.requireNonNull(audience.join(subscriber, null));
                    long next = joined.seq() + 1;
                    for (int n = 0; n < 3; n++) {
                      RoomEvent event = subscriber.poll();
                      if (event != null) {
                        assertThat(event.seq()).isEqualTo(next++);
                      }
                    }
                    subscriber.leave();
                  }
                }));
      }
      for (int i = 1; i <= events; i++) {
        history.append(TestEvents.encoded("e" + i));
        audience.appended(() -> {});
      }
      for (Future<?> watcher : watchers) {
        watcher.get(30, TimeUnit.SECONDS);
      }
    }
    assertThat(audience.isWatched()).isFalse();
    assertThat(audience.closeIfUnwatched()).isTrue();
    assertThat(audience.join(new Subscriber(Loop.NONE, () -> {}), null)).isNull();
  }
}
