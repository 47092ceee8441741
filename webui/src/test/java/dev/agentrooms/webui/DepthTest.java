package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nested data at every input of the web UI is accepted or refused, and the web UI goes on.
@Tag("wire")
@Timeout(300)
class DepthTest {

  private static final String SECRET = "s".repeat(32);

  private static TestWebUi webUi;

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start();
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  @AfterEach
  void itServesOn() throws Exception {
    assertThat(webUi.get("/health").statusCode()).isEqualTo(200);
  }

  static Stream<Arguments> depths() {
    return Nested.DEPTHS.stream()
        .flatMap(depth -> Stream.of(Nested.values()).map(shape -> Arguments.of(shape, depth)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("depths")
  void progressIsTakenUpToTheBound(Nested shape, int depth) throws Exception {
    String room = TestWebUi.newSession();
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      // Plain, as an agent sends it; and in chunks, which is the routes' business.
      for (boolean plain : new boolean[] {true, false}) {
        assertBound(post(event(room, "more" + plain, shape, depth), plain), depth);
        String meta = shape.in("{\"a\":1}", depth - 1);
        String event = event(room, "meta" + plain, Nested.ARRAYS, 2);
        event = event.substring(0, event.length() - 1) + ",\"meta\":" + meta + "}";
        assertBound(post(event, plain), depth);
        if (depth <= Json.MAX_DEPTH) {
          socket.message();
          assertThat(socket.message().path("meta")).isEqualTo(Json.parse(meta.getBytes(UTF_8)));
        }
        // Instead of what should be there.
        for (String field : new String[] {"message", "tool", "level", "ts", "step", "event_id"}) {
          assertThat(post(with(room, field, shape.json(depth - 1)), plain).statusCode())
              .isEqualTo(400);
        }
      }
      socket.assertNothingWaits();
    }
    JsonNode messages =
        Json.parseAnswer(webUi.get("/api/messages?session_id=" + room).body().getBytes(UTF_8));
    assertThat(messages.path("messages")).hasSize(depth <= Json.MAX_DEPTH ? 4 : 0);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("depths")
  void aCommandIsTakenUpToTheBound(Nested shape, int depth) throws Exception {
    String command = shape.in("{\"cmd\":\"ping\"}", depth);
    try (var socket = webUi.connect()) {
      socket.say(command);
      if (command.length() > 64 * 1024) {
        assertThat(socket.next().closing()).startsWith("1009");
        return;
      }
      JsonNode answer = socket.message();
      if (depth <= Json.MAX_DEPTH) {
        assertThat(answer.path("type").asText()).isEqualTo("pong");
      } else {
        assertThat(answer.path("type").asText()).isEqualTo("error");
        assertThat(answer.path("code").asText()).isEqualTo("malformed_json");
        assertThat(answer.path("detail").asText())
            .startsWith("It is nested more than 100 deep (line 1, column ");
      }
      socket.assertNothingWaits();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNeverClosedIsRefusedToo(Nested shape) throws Exception {
    String open = shape.json(30_000);
    open = open.substring(0, open.indexOf('0'));
    assertThat(post(open, true).statusCode()).isEqualTo(400);
    assertThat(post(open, false).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 101, 900, 2000})
  void aTokenOfAnyDepthIsJudged(int depth) throws Exception {
    try (var locked = TestWebUi.start("webui.room-token-secret = " + SECRET)) {
      String signed =
          Tokens.of(SECRET, InstantSource.system())
              .link("r1", Scope.WATCH, null, Instant.parse("2100-01-01T00:00:00Z"));
      String deep =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(Nested.ARRAYS.in("{\"alg\":\"HS256\"}", depth).getBytes(UTF_8));
      String[] parts = signed.split("\\.");
      for (String token :
          new String[] {
            deep + "." + parts[1] + "." + parts[2], parts[0] + "." + deep + "." + parts[2]
          }) {
        var answer =
            locked.send(
                locked
                    .request("/api/messages?session_id=r1")
                    .header("Authorization", "Bearer " + token));
        assertThat(answer.statusCode()).isEqualTo(401);
      }
      assertThat(locked.get("/api/messages?session_id=r1&token=" + signed).statusCode())
          .isEqualTo(200);
    }
  }

  private static void assertBound(HttpResponse<String> answer, int depth) {
    if (depth <= Json.MAX_DEPTH) {
      assertThat(answer.statusCode()).isEqualTo(200);
    } else {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("It is nested more than 100 deep (line 1, column ");
    }
  }

  private static String event(String room, String id, Nested shape, int depth) {
    return shape.in(
        "{\"event_id\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\",\"session_id\":\"%s\",\"step\":\"s\"}"
            .formatted(id, room),
        depth);
  }

  private static String with(String room, String field, String value) {
    Map<String, String> fields =
        new java.util.TreeMap<>(
            Map.of(
                "event_id", "\"x\"",
                "ts", "\"2026-11-22T10:00:00Z\"",
                "session_id", "\"" + room + "\"",
                "step", "\"s\""));
    fields.put(field, value);
    StringBuilder json = new StringBuilder();
    fields.forEach((name, is) -> json.append(",\"" + name + "\":" + is));
    return "{" + json.substring(1) + "}";
  }

  private static HttpResponse<String> post(String json, boolean plain) throws Exception {
    assertThat(json.length()).isLessThan(ProgressEvent.MAX_BYTES);
    byte[] bytes = json.getBytes(UTF_8);
    return webUi.send(
        webUi
            .request("/api/agent/progress")
            .header("Content-Type", "application/json")
            .POST(
                plain
                    ? BodyPublishers.ofByteArray(bytes)
                    : BodyPublishers.ofByteArrays(java.util.List.of(bytes))));
  }
}
