package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.store.BrittleStore;
import dev.agentrooms.store.BrittleStore.Counted;
import dev.agentrooms.store.RoomStore;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.TestEvents;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole web UI whose rooms are in a folder, started again and again, over a store that breaks.
@Timeout(120)
@Tag("wire")
class StoredRoomsTest {

  private static final int HISTORY = 5;
  private static final int EVENTS = 4;

  @TempDir private Path dir;
  private final String room = TestWebUi.newSession();
  private Store real;
  private BrittleStore store;
  private TestWebUi webUi;

  @BeforeEach
  void start() {
    start("webui.room.ttl = 30m");
  }

  /// The same store, each time that it is opened.
  Store open(Path folder) {
    return Stores.open(
        StoreSettings.inFolder(folder.resolve("data")), Instant::now, StoreListener.NONE);
  }

  private void start(String ttl) {
    real = open(dir);
    store = new BrittleStore(real).counting(Set.of(Counted.ROOM_EVENT));
    webUi = TestWebUi.start(store, "webui.room.history-size = " + HISTORY, ttl);
  }

  @AfterEach
  void stop() {
    webUi.close();
    real.close();
  }

  private void restart() {
    stop();
    start();
  }

  private HttpResponse<String> post(String eventId, String... headers) throws Exception {
    var request =
        webUi
            .request("/api/agent/progress")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(TestEvents.body(room, eventId)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return webUi.send(request);
  }

  private JsonNode messages() throws Exception {
    HttpResponse<String> answer = webUi.get("/api/messages?session_id=" + room);
    assertThat(answer.statusCode()).isEqualTo(200);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.parse(answer.body().getBytes(UTF_8));
  }

  private List<String> placesOf(JsonNode messages) {
    List<String> places = new ArrayList<>();
    messages
        .path("messages")
        .forEach(each -> places.add(each.path("seq").asLong() + each.path("event_id").asText()));
    return places;
  }

  private static void isAway(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(json(answer).path("type").asText()).endsWith("store-unavailable");
  }

  @Test
  void aRestartChangesNeitherEpochNorNumbersNorWhatIsKnown() throws Exception {
    String epoch = webUi.publish(room, "e1").epoch();
    webUi.publish(room, 2, 8);
    String before = messages().toString();

    restart();

    assertThat(messages().toString()).isEqualTo(before);
    assertThat(placesOf(messages())).containsExactly("4e4", "5e5", "6e6", "7e7", "8e8");
    try (var socket = webUi.connect();
        var stream = webUi.events("session_id=" + room, "Last-Event-ID", epoch + ":6")) {
      JsonNode subscribed = socket.resume(room, 3, epoch);
      assertThat(subscribed.path("recovered").booleanValue()).isTrue();
      assertThat(subscribed.path("epoch").textValue()).isEqualTo(epoch);
      assertThat(subscribed.path("seq").asLong()).isEqualTo(8);
      assertThat(socket.seqs(5)).containsExactly(4L, 5L, 6L, 7L, 8L);
      assertThat(stream.next().id()).isEqualTo(epoch + ":7");
      assertThat(stream.next().id()).isEqualTo(epoch + ":8");

      assertThat(webUi.publish(room, "e8")).isEqualTo(new ProgressAck(room, 8L, epoch, true));
      assertThat(webUi.publish(room, "e9")).isEqualTo(new ProgressAck(room, 9L, epoch, false));
      assertThat(socket.seq()).isEqualTo(9);
      assertThat(stream.next().id()).isEqualTo(epoch + ":9");
    }
  }

  @Test
  void aCursorThatIsOlderThanWhatIsRetainedIsToldSoAfterARestartToo() throws Exception {
    String epoch = webUi.publish(room, "e1").epoch();
    webUi.publish(room, 2, 8);
    restart();

    try (var socket = webUi.connect()) {
      JsonNode subscribed = socket.resume(room, 2, epoch);
      assertThat(subscribed.path("recovered").booleanValue()).isFalse();
      assertThat(subscribed.path("first_seq").asLong()).isEqualTo(4);
    }
  }

  @Test
  void readingAStoredRoomWakesNobody() throws Exception {
    webUi.publish(room, 1, 8);
    restart();

    assertThat(placesOf(messages())).hasSize(HISTORY);
    assertThat(placesOf(json(webUi.get("/api/messages?session_id=" + room + "&after=5&limit=2"))))
        .containsExactly("6e6", "7e7");
    assertThat(webUi.metric("agentrooms_rooms")).isZero();
    assertThat(placesOf(json(webUi.get("/api/messages?session_id=unknown")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anEventThatIsNotStoredIsRefusedAndTakenWhenItComesAgain(int n) throws Exception {
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      store.failAt(n);
      for (int i = 1; i <= EVENTS; i++) {
        HttpResponse<String> answer = post("e" + i);
        if (i == n) {
          // The short cut hands it over to the routes, which ask the room once more.
          assertThat(answer.statusCode()).isEqualTo(200);
        }
        assertThat(json(answer).path("seq").asLong()).isEqualTo(i);
      }
      assertThat(socket.seqs(EVENTS)).containsExactly(1L, 2L, 3L, 4L);
    }
    restart();
    assertThat(placesOf(messages())).containsExactly("1e1", "2e2", "3e3", "4e4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anEventOfWhichNobodyKnowsWhetherItIsStoredIsThereOnce(int n) throws Exception {
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      store.doubtAt(n);
      for (int i = 1; i <= EVENTS; i++) {
        assertThat(json(post("e" + i)).path("seq").asLong()).isEqualTo(i);
      }
      assertThat(socket.seqs(EVENTS)).containsExactly(1L, 2L, 3L, 4L);
    }
    restart();
    assertThat(placesOf(messages())).containsExactly("1e1", "2e2", "3e3", "4e4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whatWasAnsweredIsThereWhenTheProcessDiesAndNothingTwice(int n) throws Exception {
    for (boolean isStored : new boolean[] {true, false}) {
      String session = room + isStored;
      if (isStored) {
        store.dieAfter(n);
      } else {
        store.dieBefore(n);
      }
      List<String> answered = new ArrayList<>();
      String epoch = "";
      for (int i = 1; i < n; i++) {
        ProgressAck ack = webUi.publish(session, "e" + i);
        epoch = ack.epoch();
        answered.add(ack.seq() + "e" + i);
      }
      var unanswered = webUi.rooms().publish(TestEvents.event(session, "e" + n), null);
      TestWebUi.await(store.died());
      restart();

      ProgressAck again = webUi.publish(session, "e" + n);

      // It was stopped, and says no more than that it cannot tell.
      assertThat(TestWebUi.await(unanswered)).isEqualTo(Refused.UNANSWERED);
      assertThat(again.duplicate()).isEqualTo(isStored);
      assertThat(again.seq()).isEqualTo(n);
      if (n > 1) {
        assertThat(again.epoch()).isEqualTo(epoch);
      }
      answered.add(n + "e" + n);
      assertThat(placesOf(json(webUi.get("/api/messages?session_id=" + session))))
          .isEqualTo(answered);
    }
  }

  @Test
  void whileTheStoreIsAwayNothingIsTakenWatchersStayAndWhatIsHeldIsRead() throws Exception {
    webUi.publish(room, 1, 2);
    String other = TestWebUi.newSession();
    webUi.publish(other, "e1");
    restart();
    try (var socket = webUi.connect()) {
      socket.subscribe(room);

      store.away();

      isAway(post("e3"));
      assertThat(placesOf(messages())).containsExactly("1e1", "2e2");
      isAway(webUi.get("/api/messages?session_id=" + other));
      isAway(webUi.get("/api/events?session_id=" + other));
      JsonNode refused = socket.ask("{'cmd':'subscribe','session_id':'" + other + "'}");
      assertThat(refused.path("code").textValue()).isEqualTo("unavailable");

      store.back();

      assertThat(json(post("e3")).path("seq").asLong()).isEqualTo(3);
      assertThat(socket.seq()).isEqualTo(3);
      assertThat(socket.subscribe(other).path("seq").asLong()).isEqualTo(1);
    }
  }

  @Test
  void aDeliveryIsKnownHoweverManyEventsOfOthersCameSinceAndOverARestart() throws Exception {
    assertThat(json(post("mine", "X-Delivery", "3:1")).path("seq").asLong()).isEqualTo(1);
    webUi.publish(room, 1, 3 * HISTORY);

    JsonNode again = json(post("mine", "X-Delivery", "3:1"));
    assertThat(again.path("duplicate").booleanValue()).isTrue();
    assertThat(again.path("seq").isNull() || again.path("seq").isMissingNode()).isTrue();
    restart();
    assertThat(json(post("mine", "X-Delivery", "3:1")).path("duplicate").booleanValue()).isTrue();
    assertThat(json(post("next", "X-Delivery", "3:2")).path("seq").asLong())
        .isEqualTo(2 + 3 * HISTORY);
    // Of another life, and without a number, it is another event.
    assertThat(json(post("mine", "X-Delivery", "4:1")).path("duplicate").booleanValue()).isFalse();
  }

  @Test
  void aRoomThatAnotherHasTakenOverIsReadAnewAndNoNumberIsGivenTwice() throws Exception {
    String epoch = webUi.publish(room, "e1").epoch();
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      var other = TestWebUi.await(real.rooms().open(room, "other", HISTORY));
      CompletableFuture<Long> stored = new CompletableFuture<>();
      real.rooms()
          .append(
              other.handle(),
              2,
              "theirs",
              TestEvents.body(room, "theirs").getBytes(UTF_8),
              RoomStore.Delivered.NOTHING,
              null,
              new RoomStore.Appended() {
                @Override
                public void stored(long seq) {
                  stored.complete(seq);
                }

                @Override
                public void failed(long seq, StoreFailure why) {
                  stored.completeExceptionally(why);
                }
              });
      assertThat(TestWebUi.await(stored)).isEqualTo(2);

      HttpResponse<String> mine = post("mine");

      // The room that was told first is no owner any more; its next life is.
      assertThat(mine.statusCode()).isEqualTo(200);
      assertThat(json(mine).path("seq").asLong()).isEqualTo(3);
      assertThat(json(mine).path("epoch").textValue()).isEqualTo(epoch);
      // Whoever watched the first watches that one, and has missed nothing.
      assertThat(socket.message().path("event_id").textValue()).isEqualTo("theirs");
      assertThat(socket.message().path("event_id").textValue()).isEqualTo("mine");
    }
    assertThat(placesOf(messages())).containsExactly("1e1", "2theirs", "3mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", ":", "1:", ":1", "a:1", "1:0", "0:1", "-1:1", "1:1:1", "1 : 1"})
  void whatIsNoDeliveryIsRefused(String header) throws Exception {
    HttpResponse<String> answer = post("e1", "X-Delivery", header);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("field").textValue()).isEqualTo("X-Delivery");
  }

  @Test
  void aRoomThatNobodyUsesIsForgottenInMemoryAndInTheStore() throws Exception {
    stop();
    start("webui.room.ttl = 300ms");
    String epoch = webUi.publish(room, "e1").epoch();
    TestWebUi.awaitTrue(() -> webUi.metric("agentrooms_rooms") == 0);
    TestWebUi.awaitTrue(() -> !isStored());

    ProgressAck again = webUi.publish(room, "e1");
    assertThat(again.seq()).isEqualTo(1);
    assertThat(again.epoch()).isNotEqualTo(epoch);

    // What no process holds is swept.
    stop();
    start("webui.room.ttl = 300ms");
    TestWebUi.awaitTrue(() -> !isStored());
    assertThat(webUi.metric("agentrooms_rooms")).isZero();
  }

  private boolean isStored() {
    return TestWebUi.await(real.rooms().read(room, 0, 1)).isPresent();
  }
}
