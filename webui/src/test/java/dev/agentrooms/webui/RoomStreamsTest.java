package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import dev.agentrooms.webui.room.TestEvents;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rooms as streams, in a store that outlives the server.
@Tag("wire")
@Timeout(60)
class RoomStreamsTest {

  private static final int HISTORY = 5;

  @TempDir private Path dir;
  private final String room = TestWebUi.newSession();
  private final String path = "rooms/" + room;
  private Store store;
  private TestWebUi webUi;

  @BeforeEach
  void start() {
    store =
        Stores.open(StoreSettings.inFolder(dir.resolve("data")), Instant::now, StoreListener.NONE);
    webUi =
        TestWebUi.start(
            store, "webui.room.history-size = " + HISTORY, "webui.streams.local-webhooks = true");
  }

  @AfterEach
  void stop() {
    webUi.close();
    store.close();
  }

  private void restart() {
    stop();
    start();
  }

  private HttpResponse<String> send(String method, String to, String body, String... headers)
      throws Exception {
    var request =
        webUi
            .request("/v1/stream/" + to)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return webUi.send(request);
  }

  private static String event(String id) {
    return "{\"event_id\":\"" + id + "\",\"ts\":\"2026-11-27T10:00:00Z\",\"step\":\"compiled\"}";
  }

  private static String events(String prefix, int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      all.append(i == 1 ? "[" : ",").append(event(prefix + i));
    }
    return all.append("]").toString();
  }

  private HttpResponse<String> produce(String body, long epoch, long seq) throws Exception {
    return send(
        "POST",
        path,
        body,
        "Producer-Id",
        "compiler",
        "Producer-Epoch",
        Long.toString(epoch),
        "Producer-Seq",
        Long.toString(seq));
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private long last() throws Exception {
    return messages().path("last_seq").asLong();
  }

  private JsonNode messages() throws Exception {
    return json(webUi.get("/api/messages?session_id=" + room));
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.parse(answer.body().getBytes(UTF_8));
  }

  @Test
  void aRoomIsMadeOnceAndForgottenOnce() throws Exception {
    assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
    assertThat(send("PUT", path, "").statusCode()).isEqualTo(201);
    assertThat(send("PUT", path, "").statusCode()).isEqualTo(200);
    restart();
    assertThat(send("PUT", path, "[" + event("ignored") + "]").statusCode()).isEqualTo(200);
    assertThat(last()).isZero();
    webUi.publish(room, 1, 3);
    String before = messages().path("epoch").asText();
    String offset = header(send("HEAD", path, ""), "Stream-Next-Offset");

    assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);

    assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
    assertThat(messages().path("messages")).isEmpty();
    assertThat(send("GET", path + "?offset=" + offset, "").statusCode()).isEqualTo(410);
    assertThat(webUi.publish(room, "e1").seq()).isEqualTo(1);
    assertThat(messages().path("epoch").asText()).isNotEqualTo(before);
  }

  @Test
  void thoseWhoWatchARoomThatIsForgottenFindItsNextLife() throws Exception {
    webUi.publish(room, 1, 3);
    String epoch = messages().path("epoch").asText();
    try (var socket = webUi.connect()) {
      assertThat(socket.resume(room, 3, epoch).path("recovered").booleanValue()).isTrue();
      assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
      webUi.publish(room, "anew");
    }
    try (var again = webUi.connect()) {
      JsonNode subscribed = again.resume(room, 3, epoch);
      assertThat(subscribed.path("recovered").booleanValue()).isFalse();
      assertThat(subscribed.path("seq").asLong()).isEqualTo(1);
    }
  }

  @Test
  void whatAProducerRepeatsIsKnownAfterARestartAndHoweverFarBack() throws Exception {
    assertThat(produce(events("a", 2), 0, 0).statusCode()).isEqualTo(200);
    assertThat(produce(event("b"), 0, 1).statusCode()).isEqualTo(200);
    webUi.publish(room, 1, 2 * HISTORY);
    long last = last();
    restart();

    HttpResponse<String> again = produce(events("a", 2), 0, 0);
    assertThat(again.statusCode()).isEqualTo(204);
    assertThat(header(again, "Producer-Seq")).isEqualTo("1");
    assertThat(produce(event("b"), 0, 1).statusCode()).isEqualTo(204);
    assertThat(last()).isEqualTo(last);

    HttpResponse<String> gap = produce(event("d"), 0, 3);
    assertThat(gap.statusCode()).isEqualTo(409);
    assertThat(header(gap, "Producer-Expected-Seq")).isEqualTo("2");
    assertThat(header(gap, "Producer-Received-Seq")).isEqualTo("3");
    assertThat(produce(event("d"), 1, 1).statusCode()).isEqualTo(400);
    assertThat(produce(event("d"), 1, 0).statusCode()).isEqualTo(200);
    HttpResponse<String> fenced = produce(event("e"), 0, 2);
    assertThat(fenced.statusCode()).isEqualTo(403);
    assertThat(header(fenced, "Producer-Epoch")).isEqualTo("1");
    assertThat(last()).isEqualTo(last + 1);
  }

  @Test
  void aProducerWhoseEventIsThereAlreadyGoesOn() throws Exception {
    webUi.publish(room, "known");
    assertThat(produce(event("known"), 0, 0).statusCode()).isEqualTo(200);
    restart();
    assertThat(produce(event("known"), 0, 0).statusCode()).isEqualTo(204);
    assertThat(produce(event("next"), 0, 1).statusCode()).isEqualTo(200);
    assertThat(last()).isEqualTo(2);
    send("DELETE", path, "");
    assertThat(produce(event("next"), 0, 2).statusCode()).isEqualTo(409);
    assertThat(produce(event("next"), 0, 0).statusCode()).isEqualTo(200);
  }

  /// As after a crash of the agent, which knows no better than that it may not have told it.
  @Test
  void whatASessionTellsAgainDoesNotBringAForgottenRoomBack() throws Exception {
    deliver("a", 1);
    deliver("b", 2);
    String epoch = messages().path("epoch").asText();
    assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
    restart();

    assertThat(deliver("b", 2).path("duplicate").asBoolean()).isTrue();
    assertThat(messages().path("messages")).isEmpty();
    assertThat(messages().path("epoch").asText()).isNotEqualTo(epoch);
    assertThat(deliver("c", 3).path("duplicate").asBoolean()).isFalse();
    assertThat(deliver("a", 1).path("duplicate").asBoolean()).isTrue();
    assertThat(last()).isEqualTo(1);
  }

  private JsonNode deliver(String eventId, long n) throws Exception {
    HttpResponse<String> answer =
        webUi.send(
            webUi
                .request("/api/agent/progress")
                .header("Content-Type", "application/json")
                .header("X-Delivery", "7:" + n)
                .POST(BodyPublishers.ofString(TestEvents.body(room, eventId))));
    assertThat(answer.statusCode()).isEqualTo(200);
    return json(answer);
  }

  @Test
  void anApplicationHearsOfEveryRoomOverAWebhook() throws Exception {
    BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
    HttpServer application = application(told);
    try {
      String made =
          "{\"type\":\"webhook\",\"pattern\":\"rooms/*\",\"webhook\":{\"url\":\"http://127.0.0.1:"
              + application.getAddress().getPort()
              + "/\"}}";
      webUi.publish(TestWebUi.newSession(), "before");
      assertThat(send("PUT", "__ds/subscriptions/app", made).statusCode()).isEqualTo(201);

      webUi.publish(room, "first");
      assertThat(next(told).path("streams")).hasSize(1);

      webUi.publish(room, "second");
      JsonNode second = next(told).path("streams").path(0);
      assertThat(second.path("path").asText()).isEqualTo(path);
      assertThat(second.path("tail_offset").asText()).endsWith("2");
      String since = second.path("acked_offset").asText();
      assertThat(json(send("GET", path + "?offset=" + since, "")).path(0).path("event_id").asText())
          .isEqualTo("second");

      restart();
      webUi.publish(room, "third");
      assertThat(next(told).path("streams").path(0).path("tail_offset").asText()).endsWith("3");
    } finally {
      application.stop(0);
    }
  }

  private static JsonNode next(BlockingQueue<JsonNode> told) throws InterruptedException {
    JsonNode next = told.poll(30, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /// One that is done with what it hears at once.
  private static HttpServer application(BlockingQueue<JsonNode> told) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          told.add(Json.parse(exchange.getRequestBody().readAllBytes()));
          byte[] answer = "{\"done\":true}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aWorkerClaimsWhatRoomsHaveAndIsDoneWithIt() throws Exception {
    assertThat(send("PUT", "work", "").statusCode()).isEqualTo(201);
    String made = "{\"type\":\"pull-wake\",\"pattern\":\"rooms/*\",\"wake_stream\":\"work\"}";
    assertThat(send("PUT", "__ds/subscriptions/pull", made).statusCode()).isEqualTo(201);
    webUi.publish(room, 1, 2);

    HttpResponse<String> woken = send("GET", "work?offset=-1&live=long-poll", "");
    assertThat(json(woken).path(0).path("stream").asText()).isEqualTo(path);
    JsonNode claimed = json(send("POST", "__ds/subscriptions/pull/claim", "{\"worker\":\"w1\"}"));
    String done =
        Json.object()
            .put("wake_id", claimed.path("wake_id").asText())
            .put("generation", claimed.path("generation").asLong())
            .put("done", true)
            .set(
                "acks",
                Json.mapper()
                    .createArrayNode()
                    .add(
                        Json.object()
                            .put("stream", path)
                            .put("offset", header(send("HEAD", path, ""), "Stream-Next-Offset"))))
            .toString();
    HttpResponse<String> acked =
        send(
            "POST",
            "__ds/subscriptions/pull/ack",
            done,
            "Authorization",
            "Bearer " + claimed.path("token").asText());
    assertThat(acked.statusCode()).isEqualTo(200);
    assertThat(json(acked).path("next_wake").asBoolean()).isFalse();
    assertThat(send("POST", "__ds/subscriptions/pull/claim", "{\"worker\":\"w1\"}").statusCode())
        .isEqualTo(409);

    send("DELETE", path, "");
    assertThat(json(send("GET", "__ds/subscriptions/pull", "")).path("streams")).isEmpty();
  }
}
