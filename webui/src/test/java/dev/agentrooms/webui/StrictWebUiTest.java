package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.room.TestEvents;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A web UI with short timeouts, a token and a list of origins.
@Tag("wire")
@Timeout(300)
class StrictWebUiTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start() {
    webUi =
        TestWebUi.start(
            "webui.socket.ping-interval = 100ms",
            "webui.socket.silence-timeout = 2s",
            "webui.events.keep-alive = 100ms",
            "webui.room.history-size = 30",
            "webui.allowed-origins = \"https://rooms.example, http://localhost:3000\"",
            "internal-token = s3cret");
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  @Test
  void aSilentPeerIsPingedAndThenClosed() throws Exception {
    try (var socket = webUi.connect()) {
      int pings = 0;
      var frame = socket.frame();
      while (frame.start() == TestSocket.PING) {
        pings++;
        frame = socket.frame();
      }
      assertThat(pings).isPositive();
      assertThat(frame.closing()).startsWith("1001 ");
      socket.shutdownOutput();
      socket.assertEnded();
    }
  }

  @Test
  void aPeerIsSilentForTooLongEvenBeforeItsFirstPing() throws Exception {
    try (var impatient = TestWebUi.start("webui.socket.silence-timeout = 300ms");
        var socket = impatient.connect()) {
      assertThat(socket.next().closing()).startsWith("1001 ");
    }
  }

  @Test
  void aPeerThatAnswersPingsStays() throws Exception {
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      // Longer than a silent one would.
      for (int pings = 0; pings < 30; ) {
        if (socket.frame().start() == TestSocket.PING) {
          pings++;
          socket.send(ClientFrames.frame(ClientFrames.FIN | ClientFrames.PONG, new byte[0]));
        }
      }
      webUi.publish(room, "e1");
      assertThat(socket.seq()).isEqualTo(1);
    }
  }

  @Test
  void aSilentPeerThatAlsoDoesNotReadIsCutOff() throws Exception {
    try (var socket = webUi.connect()) {
      socket.subscribe(room);
      String large = "x".repeat(500_000);
      webUi.awaitConnections(1);
      for (int i = 1; i <= 30; i++) {
        webUi.publish(room, "e" + i, large);
      }

      // All thirty are retained, so it has not lagged. It just does nothing for too long.
      webUi.awaitConnections(0);
    }
  }

  @Test
  void aSilentEventStreamGetsComments() throws Exception {
    try (var stream = webUi.events("session_id=" + room)) {
      for (int i = 0; i < 3; i++) {
        assertThat(stream.line()).isEqualTo(":");
        assertThat(stream.line()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://rooms.example", "http://localhost:3000", "http://LOCALHOST:{port}"})
  void anAllowedOriginMayOpenASocket(String origin) throws Exception {
    try (var socket = handshake("Origin: " + origin)) {
      assertThat(socket.head()).startsWith("HTTP/1.1 101 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://rooms.example",
        "https://rooms.example:8443",
        "https://rooms.example.evil.example",
        "http://localhost:3001",
        "null",
        "*",
        "nonsense",
        "https://rooms.example https://evil.example",
        "https://rooms.example/path",
      })
  void anotherOriginIsForbidden(String origin) throws Exception {
    try (var socket = handshake("Origin: " + origin)) {
      assertThat(socket.head())
          .startsWith("HTTP/1.1 403 ")
          .contains("Content-Type: application/problem+json");
    }
  }

  @Test
  void twoOriginsAreForbidden() throws Exception {
    try (var socket = handshake("Origin: https://rooms.example", "Origin: https://rooms.example")) {
      assertThat(socket.head()).startsWith("HTTP/1.1 403 ");
    }
  }

  private static TestSocket handshake(String... headers) throws IOException {
    String port = "" + webUi.address().getPort();
    return TestSocket.handshake(
        webUi.address(),
        List.of(headers).stream()
            .map(header -> header.replace("{port}", port))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"none, 401", "s3cret, 200", "s3cre, 403", "s3crets, 403", "S3CRET, 403"})
  void progressNeedsTheToken(String token, int status) throws Exception {
    var request =
        webUi
            .request("/api/agent/progress")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(TestEvents.body(room, "e1")));
    if (!token.equals("none")) {
      request.header("X-Internal-Token", token);
    }

    var answer = webUi.send(request);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .isEqualTo(status == 200 ? "application/json" : "application/problem+json");
    assertThat(answer.body()).doesNotContain("s3cret");
    assertThat(webUi.get("/api/messages?session_id=" + room).body().contains("\"e1\""))
        .isEqualTo(status == 200);
  }

  @Test
  void withoutTheTokenItIs401WhateverElseIsWrong() throws Exception {
    for (String body : List.of("{", "x".repeat(2_000_000), "")) {
      var answer =
          webUi.send(
              webUi
                  .request("/api/agent/progress")
                  .header("Content-Type", "text/plain")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void theTokenIsForProgressOnly() throws Exception {
    assertThat(webUi.get("/api/messages?session_id=" + room).statusCode()).isEqualTo(200);
    assertThat(webUi.get("/health").statusCode()).isEqualTo(200);
  }
}
