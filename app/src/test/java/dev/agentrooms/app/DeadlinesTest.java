package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The edge's timeouts: each fires as set, is counted, and does not apply to a request that is
/// being served.
@Tag("wire")
class DeadlinesTest {

  private static final String HOST = "Host: localhost\r\n";
  private static final String JSON = HOST + "Content-Type: application/json\r\n";
  private static final String LATE = "2s";
  private static final String NEVER = "1h";

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack =
        Stack.start(
            "http.head-timeout", LATE,
            "http.body-timeout", LATE,
            "http.idle-timeout", LATE,
            "http.write-timeout", LATE);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static double cuts(Stack of, String reason) {
    return cuts(new String(of.get(of.webUi() + "/metrics").response().body(), UTF_8), reason);
  }

  private static double cuts(String metrics, String reason) {
    String name = "agentrooms_http_cut_total{reason=\"" + reason + "\"} ";
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  @Test
  void anUnfinishedHeadIsCut() {
    List<String> starts =
        List.of("", "G", "GET /health HTTP/1.1\r\nX: ", "\r\n\r\n\r", "PRI * HTTP/2.0\r\n");
    double before = cuts(stack, "head");
    Crowd.all(
        starts.size(),
        i -> {
          try (RawHttp connection = new RawHttp(stack.webUi())) {
            connection.write(starts.get(i));
            assertThat(connection.isCut()).as(starts.get(i)).isTrue();
            return i;
          }
        });
    awaitCuts("head", before + starts.size());
  }

  /// The peer may see its end before it is counted.
  private static void awaitCuts(String reason, double atLeast) {
    Stack.await(() -> cuts(stack, reason), now -> now >= atLeast);
  }

  @Test
  void anUnfinishedNextHeadIsCut() {
    double before = cuts(stack, "head");
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write("GET /health HTTP/1.1\r\n" + HOST + "\r\nGET /h");
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(connection.isCut()).isTrue();
    }
    awaitCuts("head", before + 1);
  }

  @Test
  void anIdleConnectionIsCut() {
    double before = cuts(stack, "idle");
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write("GET /health HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(connection.isCut()).isTrue();
    }
    awaitCuts("idle", before + 1);
  }

  @Test
  void aBodyThatDoesNotComeIsTimedOut() {
    List<String> paths = List.of("/api/agent/progress", "/api/agent/run", "/api/agent/cancel");
    List<String> starts =
        List.of(
            "Content-Length: 9\r\n\r\n{",
            "Content-Length: 60000\r\n\r\n{",
            "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
    double before = cuts(stack, "body");
    Crowd.all(
        9,
        i -> {
          try (RawHttp connection = new RawHttp(stack.webUi())) {
            connection.write(
                "POST " + paths.get(i % 3) + " HTTP/1.1\r\n" + JSON + starts.get(i / 3));
            RawHttp.Answer answer = connection.read();
            assertThat(answer.status())
                .as(paths.get(i % 3) + " " + starts.get(i / 3))
                .isEqualTo(408);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(connection.isCut()).isTrue();
            return i;
          }
        });
    awaitCuts("body", before + 9);
  }

  /// The rest of a body that timed out is not read as a request, and neither is what follows.
  @Test
  void nothingBehindABodyThatTimedOutIsRead() {
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write(
          "POST /api/agent/progress HTTP/1.1\r\n" + JSON + "Content-Length: 2\r\n\r\n{");
      assertThat(connection.read().status()).isEqualTo(408);
      connection.write("}GET /health HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(connection.read().status()).isEqualTo(0);
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsCut() {
    fill("large", 24);
    double before = cuts(stack, "write");
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write("GET /api/messages?session_id=large HTTP/1.1\r\n" + HOST + "\r\n");
      Stack.await(() -> cuts(stack, "write"), now -> now > before);
      assertThat(connection.isCut()).isTrue();
    }
    try (RawHttp connection = new RawHttp(stack.webUi())) {
      connection.write(
          ("GET /api/messages?session_id=large HTTP/1.1\r\n" + HOST + "\r\n").repeat(50));
      Stack.await(() -> cuts(stack, "write"), now -> now > before + 1);
      assertThat(connection.isCut()).isTrue();
    }
  }

  @Test
  void anUnfinishedHandshakeIsCut(@TempDir Path folder) {
    TestCertificate pem = TestCertificate.in(folder);
    try (Stack secure =
        Stack.start(
            "http.head-timeout", LATE,
            "http.tls.cert", pem.certificate().toString(),
            "http.tls.key", pem.key().toString())) {
      String https = secure.webUi().replace("http:", "https:");
      // The last one is over TLS, where a head has its time as well.
      List<String> starts = List.of("", "\u0016\u0003\u0001\u0002", "GET /");
      Crowd.all(
          starts.size(),
          i -> {
            try (RawHttp connection = new RawHttp(i == 2 ? https : secure.webUi())) {
              connection.write(starts.get(i));
              assertThat(connection.isCut()).as(starts.get(i)).isTrue();
              return i;
            }
          });
      Stack.await(
          () -> {
            try (RawHttp connection = new RawHttp(https)) {
              connection.write("GET /metrics HTTP/1.1\r\n" + HOST + "\r\n");
              return cuts(connection.read().text(), "handshake");
            }
          },
          cuts -> cuts >= 2);
    }
  }

  /// Each deadline alone, with the others far away.
  @Test
  void eachHasItsOwnSetting() {
    try (Stack idle =
        Stack.start(
            "http.head-timeout", NEVER,
            "http.body-timeout", NEVER,
            "http.write-timeout", NEVER,
            "http.idle-timeout", "300ms")) {
      try (RawHttp connection = new RawHttp(idle.webUi())) {
        connection.write("GET /health HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(connection.read().status()).isEqualTo(200);
        assertThat(connection.isCut()).isTrue();
      }
    }
  }

  /// An answer that takes longer than all of them, and streams and sockets on which nothing happens
  /// meanwhile.
  @Test
  void aRequestBeingServedHasNoDeadline() {
    List<RawHttp> open = new ArrayList<>();
    try {
      RawHttp events = new RawHttp(stack.webUi());
      events.write("GET /api/events?session_id=calm HTTP/1.0\r\n" + HOST + "\r\n");
      open.add(events);
      RawHttp socket = new RawHttp(stack.webUi());
      socket.write(
          "GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + HOST
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertThat(socket.readOne().status()).isEqualTo(101);
      open.add(socket);
      double before = cutsAtWork();

      List<RawHttp> waiters = List.of(new RawHttp(stack.agent()), new RawHttp(stack.webUi()));
      open.addAll(waiters);
      for (RawHttp waiting : waiters) {
        String json = "{\"question\":\"What is patience? [rag:slow]\"}";
        waiting.write(
            "POST /api/agent/run?wait=5 HTTP/1.1\r\n"
                + JSON
                + "Content-Length: "
                + json.length()
                + "\r\n\r\n"
                + json
                + "GET /health HTTP/1.1\r\n"
                + HOST
                + "\r\n");
      }
      for (RawHttp waiting : waiters) {
        assertThat(waiting.read().status()).isEqualTo(202);
        assertThat(waiting.read().status()).isEqualTo(200);
      }

      // Those that were waiting are idle by now, so they may be cut; the others are not.
      assertThat(cutsAtWork()).isEqualTo(before);
      socket.write(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});
      assertThat(socket.readBytes(2)).containsExactly(0x8a, 0);
      stack.post(stack.webUi() + "/api/agent/progress", event("calm", "e-1", ""));
      String seen = "";
      while (!seen.contains("\n\n")) {
        byte[] more = events.readBytes(1);
        assertThat(more).as("the stream is open; seen: " + seen).hasSize(1);
        seen += (char) more[0];
      }
    } finally {
      open.forEach(RawHttp::close);
    }
  }

  private static double cutsAtWork() {
    return List.of("head", "body", "write").stream()
        .mapToDouble(reason -> cuts(stack, reason))
        .sum();
  }

  /// So many events of nearly a mebibyte.
  private static void fill(String session, int events) {
    for (int i = 0; i < events; i++) {
      Stack.Answer answer =
          stack.post(
              stack.webUi() + "/api/agent/progress",
              event(session, "e-" + i, "x".repeat((1 << 20) - 1000)));
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  private static String event(String session, String id, String filler) {
    return "{\"event_id\":\"%s\",\"session_id\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\",\"meta\":{\"filler\":\"%s\"}}"
        .formatted(id, session, filler);
  }
}
