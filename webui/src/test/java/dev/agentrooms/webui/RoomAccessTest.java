package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rooms that need a token.
@Tag("wire")
@Timeout(300)
class RoomAccessTest {

  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final Tokens MINT = Tokens.of(SECRET, InstantSource.system());

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start("webui.room-token-secret = \"" + SECRET + "\"");
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  private static String token(String sessionId, Duration life) {
    return MINT.link(sessionId, Scope.WATCH, null, Instant.now().plus(life));
  }

  private JsonNode subscribe(TestSocket socket, String token) throws IOException {
    return socket.ask("{'cmd':'subscribe','session_id':'%s','token':'%s'}".formatted(room, token));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 365 * 24, 100 * 365 * 24})
  void aTokenOpensItsRoomForHoursOrYears(long hours) throws Exception {
    String token = token(room, Duration.ofHours(hours));
    try (var socket = webUi.connect();
        var stream = webUi.events("session_id=" + room + "&token=" + token)) {
      assertThat(subscribe(socket, token).path("type").textValue()).isEqualTo("subscribed");
      assertThat(stream.line()).isEqualTo(":");

      webUi.publish(room, "e1");

      assertThat(socket.seq()).isEqualTo(1);
      assertThat(stream.next().json().path("seq").asLong()).isEqualTo(1);
    }
  }

  @Test
  void withoutATokenARoomStaysClosedAndTheSocketOpen() throws Exception {
    try (var socket = webUi.connect()) {
      assertThat(socket.subscribe(room).path("code").textValue()).isEqualTo("unauthorized");
      socket.assertNothingWaits();
    }
    assertThat(webUi.get("/api/messages?session_id=" + room).statusCode()).isEqualTo(401);
    assertThat(webUi.get("/api/events?session_id=" + room).statusCode()).isEqualTo(401);
    for (String path : new String[] {"/messages", "/runs/r-1", "/runs/r-1/events"}) {
      assertThat(webUi.get("/api/agent/sessions/" + room + path).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void anotherRoomsTokenIsForbiddenAndAWrongOneIsNone() throws Exception {
    var another = Tokens.of("another secret of thirty-two bytes", InstantSource.system());
    String others = token("another-room", Duration.ofHours(1));
    try (var socket = webUi.connect()) {
      assertThat(subscribe(socket, others).path("code").textValue()).isEqualTo("forbidden");
      assertThat(webUi.get("/api/messages?session_id=" + room + "&token=" + others).statusCode())
          .isEqualTo(403);
      for (String wrong :
          new String[] {
            "nonsense",
            token(room, Duration.ofSeconds(-65)),
            another.link(room, Scope.WATCH, null, Instant.now().plusSeconds(60)),
          }) {
        assertThat(subscribe(socket, wrong).path("code").textValue()).isEqualTo("unauthorized");
        assertThat(webUi.get("/api/messages?session_id=" + room + "&token=" + wrong).statusCode())
            .isEqualTo(401);
      }
      webUi.publish(room, "e1");
      socket.assertNothingWaits();
    }
  }

  @Test
  void aSocketIsClosedWhenItsTokenExpires() throws Exception {
    // `exp` counts whole seconds.
    String token = token(room, Duration.ofSeconds(5));
    try (var socket = webUi.connect();
        var stream = webUi.events("session_id=" + room + "&token=" + token)) {
      assertThat(subscribe(socket, token).path("type").textValue()).isEqualTo("subscribed");

      assertThat(socket.next().closing()).startsWith("4401 ");
      socket.shutdownOutput();
      socket.assertEnded();
      assertThat(stream.lines().readAllAsString()).doesNotContain("event:");
    }
  }
}
