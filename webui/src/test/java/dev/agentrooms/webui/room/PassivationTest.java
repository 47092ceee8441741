package dev.agentrooms.webui.room;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.webui.Stress;
import dev.agentrooms.webui.TestWebUi;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rooms that nobody needs for a while, in a real shard.
@Tag("race")
@Timeout(300)
class PassivationTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start("webui.room.ttl = 200ms");
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  @Test
  void aRoomThatWasForgottenComesBackWithAnotherEpoch() throws Exception {
    String epoch;
    try (var watching = webUi.connect()) {
      epoch = watching.subscribe(room).path("epoch").textValue();
      webUi.publish(room, 1, 3);
      assertThat(watching.seqs(3)).containsExactly(1L, 2L, 3L);
    }
    awaitAnotherEpoch(room, epoch);

    try (var watching = webUi.connect()) {
      String reborn = watching.subscribe(room).path("epoch").textValue();
      assertThat(reborn).isNotEqualTo(epoch);
      assertThat(webUi.publish(room, "e4").seq()).isEqualTo(1);
      // What was taken in the former life is not known in this one.
      assertThat(webUi.publish(room, "e1").duplicate()).isFalse();
      try (var socket = webUi.connect();
          var stream = webUi.events("session_id=" + room, "Last-Event-ID", epoch + ":3")) {
        var subscribed = socket.resume(room, 1, epoch);
        assertThat(subscribed.path("recovered").booleanValue()).isFalse();
        assertThat(subscribed.path("first_seq").asLong()).isEqualTo(1);
        assertThat(subscribed.path("epoch").textValue()).isEqualTo(reborn);
        assertThat(socket.seqs(2)).containsExactly(1L, 2L);
        assertThat(stream.next().name()).isEqualTo("reset");
        assertThat(stream.next().id()).isEqualTo(reborn + ":1");
      }
    }
  }

  @Test
  void aWatchedRoomIsNotForgotten() throws Exception {
    String unwatched = TestWebUi.newSession();
    try (var socket = webUi.connect()) {
      String epoch = socket.subscribe(room).path("epoch").textValue();
      String other = webUi.publish(unwatched, "e1").epoch();

      awaitAnotherEpoch(unwatched, other);

      assertThat(webUi.publish(room, "e1").epoch()).isEqualTo(epoch);
      assertThat(socket.seq()).isEqualTo(1);
    }
  }

  @Test
  void noEventIsLostWhenItMeetsARoomThatLeaves() throws Exception {
    // Around the moment at which the room asks to leave, again and again.
    var never = new CountDownLatch(1);
    for (int i = 0; i < Stress.times(12); i++) {
      String epoch = webUi.publish(room, "e" + i).epoch();
      boolean isOver = never.await(190 + i % 12 * 2, MILLISECONDS);
      assertThat(isOver).isFalse();
      var ack = webUi.publish(room, "f" + i);
      assertThat(ack.duplicate()).isFalse();
      assertThat(ack.epoch().equals(epoch)).isEqualTo(Objects.requireNonNull(ack.seq()) > 1);
    }
  }

  /// Rooms that leave as soon as they may, and are never left alone for long.
  @Test
  void noEventIsLostHoweverManyMeetRoomsThatLeave() throws Exception {
    int publishers = 16;
    int each = Stress.times(60);
    long seed = System.nanoTime();
    Set<String> places = ConcurrentHashMap.newKeySet();
    Set<String> lives = ConcurrentHashMap.newKeySet();
    try (var restless = TestWebUi.start("webui.room.ttl = 1ms");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < publishers; i++) {
        int publisher = i;
        Random random = new Random(seed + i);
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    LockSupport.parkNanos(MILLISECONDS.toNanos(random.nextInt(60)));
                    String id = publisher + "-" + n;
                    ProgressAck ack = restless.publish("room" + random.nextInt(4), id);
                    assertThat(ack.duplicate()).as(id).isFalse();
                    lives.add(ack.epoch());
                    assertThat(places.add(ack.epoch() + ":" + ack.seq())).as(id).isTrue();
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(Stress.times(120), SECONDS);
      }
    }
    assertThat(places).hasSize(publishers * each);
    System.out.printf("%d events, %d lives of 4 rooms%n", places.size(), lives.size());
    assertThat(lives).hasSizeGreaterThan(4);
  }

  /// Asks for the room's epoch, seldom enough not to keep it awake.
  private static void awaitAnotherEpoch(String room, String epoch) throws Exception {
    var never = new CountDownLatch(1);
    String now = epoch;
    for (int i = 0; i < 120 && now.equals(epoch); i++) {
      assertThat(never.await(500, MILLISECONDS)).isFalse();
      now = ((Retained) TestWebUi.await(webUi.rooms().read(room, 0, 1))).epoch();
    }
    assertThat(now).isNotEqualTo(epoch);
  }
}
