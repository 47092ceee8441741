package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.TestSocket;
import dev.agentrooms.webui.TestWebUi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rooms whose names were made up: whoever reads or watches them leaves nothing behind.
@Tag("wire")
@Timeout(300)
class UnknownRoomsTest {

  private static final int MADE_UP = 10_000;
  private static final int MAX_EMPTY = 200;

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start("webui.room.max-empty = " + MAX_EMPTY);
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  @Test
  void readingMakesNoRoom() throws Exception {
    long before = rooms();
    List<CompletableFuture<Reading>> reads = new ArrayList<>();
    for (int i = 0; i < MADE_UP; i++) {
      reads.add(webUi.rooms().read("made-up-" + i, 0, 10).toCompletableFuture());
      if (i % 100 == 99) {
        reads.forEach(TestWebUi::await);
      }
    }

    assertThat(reads).allMatch(read -> ((Retained) TestWebUi.await(read)).lastSeq() == 0);
    awaitRooms(before);
  }

  @Test
  void everyReaderIsToldTheEpochThatTheRoomWillHave() throws Exception {
    String path = "/api/messages?session_id=" + room;
    long before = rooms();
    String first = webUi.get(path).body();
    awaitRooms(before);
    assertThat(webUi.get(path).body()).isEqualTo(first);
    String watched;
    try (var socket = webUi.connect()) {
      watched = socket.subscribe(room).path("epoch").textValue();
    }
    awaitRooms(before);

    String epoch = webUi.publish(room, "e1").epoch();

    assertThat(first).contains("\"epoch\":\"" + epoch + "\"", "\"last_seq\":0");
    assertThat(watched).isEqualTo(epoch);
    assertThat(webUi.get(path).body()).contains("\"epoch\":\"" + epoch + "\"");
  }

  @Test
  void whoWatchesAnUnknownRoomSeesItsFirstEvent() throws Exception {
    try (var socket = webUi.connect();
        var stream = webUi.events("session_id=" + room)) {
      socket.subscribe(room);
      assertThat(stream.line()).isEqualTo(":");
      TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_subscribers") == 2);
      TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms_empty") == 1);

      webUi.publish(room, "e1");

      assertThat(socket.seq()).isEqualTo(1);
      assertThat(stream.next().json().path("seq").asLong()).isEqualTo(1);
      TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms_empty") == 0);
    }
  }

  @Test
  void emptyRoomsThatAreWatchedAreLimitedAndGoWithTheirWatchers() throws Exception {
    String known = TestWebUi.newSession();
    webUi.publish(known, "e1");
    long rooms = rooms();
    List<TestSocket> sockets = new ArrayList<>();
    int entered = 0;
    int refused = 0;
    for (int i = 0; i < MADE_UP / 100; i++) {
      TestSocket socket = webUi.connect();
      sockets.add(socket);
      for (int n = 0; n < 100; n++) {
        var answer = socket.subscribe("watched-" + i + "-" + n);
        if (answer.path("type").textValue().equals("subscribed")) {
          entered++;
        } else {
          assertThat(answer.path("code").textValue()).isEqualTo("too_many_empty_rooms");
          assertThat(answer.path("session_id").textValue()).isEqualTo("watched-" + i + "-" + n);
          refused++;
        }
      }
    }
    assertThat(entered).isEqualTo(MAX_EMPTY);
    assertThat(refused).isEqualTo(MADE_UP - MAX_EMPTY);
    int told = refused;
    TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms_empty") == MAX_EMPTY);
    TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms_refused_total") >= told);
    var stream = webUi.get("/api/events?session_id=" + room);
    assertThat(stream.statusCode()).isEqualTo(503);
    assertThat(stream.headers().firstValue("retry-after")).isPresent();
    assertThat(stream.headers().firstValue("content-type")).hasValue("application/problem+json");
    // What has a place, has an event, or is only read is nobody's loss.
    assertThat(sockets.getLast().subscribe(known).path("type").textValue()).isEqualTo("subscribed");
    assertThat(sockets.getLast().subscribe("watched-0-0").path("type").textValue())
        .isEqualTo("subscribed");
    assertThat(webUi.get("/api/messages?session_id=" + room).statusCode()).isEqualTo(200);

    // Some go in mid-command, some by leaving, some just break off.
    sockets.get(0).say("{'cmd':'subscribe','session_id':'watched-last'}");
    for (TestSocket socket : sockets) {
      socket.abort();
    }

    awaitRooms(rooms);
    TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms_empty") == 0);
  }

  private static void awaitRooms(long count) throws InterruptedException {
    TestWebUi.awaitTrue(() -> rooms() == count);
  }

  /// How many rooms there really are.
  private static long rooms() {
    CurrentShardRegionState state =
        TestWebUi.await(
            AskPattern.ask(
                ClusterSharding.get(webUi.system()).shardState(),
                replyTo -> new GetShardRegionState(Rooms.TYPE, replyTo),
                Duration.ofSeconds(60),
                webUi.system().scheduler()));
    return state.getShards().stream().mapToLong(shard -> shard.getEntityIds().size()).sum();
  }
}
