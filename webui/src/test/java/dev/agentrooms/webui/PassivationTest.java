package dev.agentrooms.webui;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rooms that nobody needs for a while, in a real shard.
@Timeout(120)
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
      assertThat(ack.epoch().equals(epoch)).isEqualTo(ack.seq() > 1);
    }
  }

  /// Asks for the room's epoch, seldom enough not to keep it awake.
  private static void awaitAnotherEpoch(String room, String epoch) throws Exception {
    var never = new CountDownLatch(1);
    String now = epoch;
    for (int i = 0; i < 30 && now.equals(epoch); i++) {
      assertThat(never.await(500, MILLISECONDS)).isFalse();
      now = TestWebUi.await(webUi.rooms().read(room, 0, 1)).epoch();
    }
    assertThat(now).isNotEqualTo(epoch);
  }
}
