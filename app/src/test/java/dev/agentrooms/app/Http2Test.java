package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.app.Http2Client.Exchange;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// HTTP/2 in clear, by prior knowledge; over TLS it is the same behind the handshake.
@Tag("wire")
class Http2Test {

  private static final long NO_ERROR = 0;

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start("http.idle-timeout", "2s", "http.write-timeout", "2s");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String event(String session, String id, String filler) {
    return "{\"event_id\":\"%s\",\"session_id\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\",\"meta\":{\"a\":\"%s\"}}"
        .formatted(id, session, filler);
  }

  private static double metric(String start) {
    return new String(stack.get(stack.webUi() + "/metrics").response().body(), UTF_8)
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static double streams() {
    return metric("agentrooms_watchers{over=\"stream\"}");
  }

  @Test
  void requestsAreAnsweredAtBothServersManyAtATime() {
    for (String url : List.of(stack.agent(), stack.webUi())) {
      try (Http2Client client = new Http2Client(url)) {
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          all.add(client.get(i % 2 == 0 ? "/health" : "/nothing"));
        }
        for (int i = 0; i < 100; i++) {
          assertThat(all.get(i).status()).isEqualTo(i % 2 == 0 ? 200 : 404);
          assertThat(all.get(i).text()).isNotEmpty();
          assertThat(all.get(i).header("connection")).isEmpty();
        }
        Exchange run = client.post("/api/agent/run?wait=60", "{\"question\":\"What is HTTP?\"}");
        assertThat(run.status()).isEqualTo(200);
        Exchange head = client.open(Http2Client.head("HEAD", "/health"), true);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
      }
    }
  }

  @Test
  void bodiesAreTakenAsTheyComeAndUpToTheirBound() {
    try (Http2Client client = new Http2Client(stack.webUi())) {
      String large = event("h2", "large", "x".repeat((1 << 20) - 1000));
      assertThat(client.post("/api/agent/progress", large).status()).isEqualTo(200);
      Exchange slow =
          client.open(
              Http2Client.head("POST", "/api/agent/progress")
                  .set("content-type", "application/json"),
              false);
      for (byte b : event("h2", "slow", "").getBytes(UTF_8)) {
        slow.data(new byte[] {b}, false);
      }
      slow.data(new byte[0], true);
      assertThat(slow.status()).isEqualTo(200);
      Exchange tooLarge = client.post("/api/agent/progress", " ".repeat(1 << 21));
      assertThat(tooLarge.status()).isEqualTo(413);
      assertThat(tooLarge.text()).contains("\"status\":413");
      assertThat(client.get("/health").status()).isEqualTo(200);
    }
  }

  /// RFC 9113, 8.1: a client that is answered early may stop sending; that is no error.
  @Test
  void anEarlyAnswerIsSentAndTheBodyNeedNotBeFinished() {
    try (Http2Client client = new Http2Client(stack.webUi())) {
      for (String path : List.of("/nothing", "/api/messages", "/health")) {
        Exchange early =
            client.open(Http2Client.head("POST", path).set("content-type", "text/plain"), false);
        assertThat(early.status()).as(path).isBetween(400, 499);
        assertThat(early.text()).as(path).contains("\"status\":" + early.status());
        assertThat(early.resetBy()).as(path).isEqualTo(NO_ERROR);
      }
      // What is refused before any route sees it is no other.
      Exchange refused =
          client.open(
              Http2Client.head("POST", "/nothing")
                  .add("content-type", "a/b")
                  .add("content-type", "c/d"),
              false);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.resetBy()).isEqualTo(NO_ERROR);
      assertThat(client.get("/health").status()).isEqualTo(200);
    }
  }

  @Test
  void manyEventStreamsShareAConnectionAndEachEndsAlone() {
    Stack.await(Http2Test::streams, now -> now == 0);
    try (Http2Client client = new Http2Client(stack.webUi())) {
      List<Exchange> watching =
          IntStream.range(0, 60)
              .mapToObj(i -> client.get("/api/events?session_id=many-" + i % 3))
              .toList();
      watching.forEach(each -> assertThat(each.status()).isEqualTo(200));
      Stack.await(Http2Test::streams, now -> now == 60);
      for (int i = 0; i < 3; i++) {
        stack.post(stack.webUi() + "/api/agent/progress", event("many-" + i, "e-" + i, ""));
      }
      for (int i = 0; i < 60; i++) {
        String expected = "\"event_id\":\"e-" + i % 3 + "\"";
        Exchange each = watching.get(i);
        Stack.await(each::seen, seen -> seen.contains(expected));
        assertThat(each.seen()).doesNotContain("\"event_id\":\"e-" + (i + 1) % 3 + "\"");
      }
      watching.subList(0, 40).forEach(Exchange::cancel);
      Stack.await(Http2Test::streams, now -> now == 20);
      stack.post(stack.webUi() + "/api/agent/progress", event("many-1", "again", ""));
      Stack.await(() -> watching.get(43).seen(), seen -> seen.contains("\"again\""));
    }
    Stack.await(Http2Test::streams, now -> now == 0);
  }

  @Test
  void aWebSocketIsNotOpenedOverHttp2() {
    try (Http2Client client = new Http2Client(stack.webUi())) {
      Exchange plain = client.get("/ws");
      assertThat(plain.status()).isEqualTo(426);
      Exchange handshake =
          client.open(
              Http2Client.head("GET", "/ws")
                  .set("sec-websocket-version", "13")
                  .set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
              true);
      assertThat(handshake.status()).isEqualTo(426);
      assertThat(client.get("/health").status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutAlone() {
    for (int i = 0; i < 3; i++) {
      stack.post(stack.webUi() + "/api/agent/progress", event("w", "e" + i, "x".repeat(900_000)));
    }
    double before = metric("agentrooms_http_cut_total{reason=\"write\"}");
    try (Http2Client client = new Http2Client(stack.webUi(), 0)) {
      List<Exchange> stalled =
          List.of(client.get("/health"), client.get("/api/messages?session_id=w"));
      stalled.forEach(each -> assertThat(each.status()).isEqualTo(200));
      stalled.forEach(each -> assertThat(each.resetBy()).isNotEqualTo(NO_ERROR));
    }
    Stack.await(
        () -> metric("agentrooms_http_cut_total{reason=\"write\"}"), now -> now == before + 2);
    Stack.await(() -> metric("agentrooms_http_connections"), now -> now <= 2);
  }

  @Test
  void aConnectionWithoutStreamsIsEndedWithAWord() {
    try (Http2Client idle = new Http2Client(stack.webUi());
        Http2Client silent = new Http2Client(stack.webUi())) {
      assertThat(idle.get("/health").status()).isEqualTo(200);
      assertThat(idle.goneAwayWith()).isEqualTo(NO_ERROR);
      idle.awaitClosed();
      silent.awaitClosed();
    }
    Stack.await(() -> metric("agentrooms_http_cut_total{reason=\"idle\"}"), now -> now >= 2);
  }

  @Test
  void anEventStreamIsNotIdle() {
    try (Http2Client client = new Http2Client(stack.webUi());
        Http2Client clock = new Http2Client(stack.webUi())) {
      Exchange events = client.get("/api/events?session_id=calm-h2");
      assertThat(events.status()).isEqualTo(200);
      Exchange working = clock.post("/api/agent/run?wait=4", "{\"question\":\"Q? [rag:slow]\"}");
      assertThat(working.status()).isEqualTo(202);
      assertThat(client.isOpen()).isTrue();
      stack.post(stack.webUi() + "/api/agent/progress", event("calm-h2", "e", ""));
      Stack.await(events::seen, seen -> seen.contains("\"event_id\":\"e\""));
    }
  }

  @Test
  void whatIsMalformedEndsItsStreamAlone() {
    try (CapturedLogs logs = new CapturedLogs();
        Http2Client client = new Http2Client(stack.webUi())) {
      List<Exchange> bad = new ArrayList<>();
      for (String[] header :
          new String[][] {
            {"connection", "close"},
            {"transfer-encoding", "chunked"},
            {"upgrade", "websocket"},
            {"keep-alive", "x"},
            {"proxy-connection", "x"},
            {"te", "gzip"},
            {"X-Upper", "x"},
            {"content-length", "x"},
            {"content-length", "-1"},
            {"", "x"},
            {":other", "x"}
          }) {
        bad.add(client.open(Http2Client.head("GET", "/health").add(header[0], header[1]), true));
      }
      for (String path : List.of("", "health", "*", "/a b", "/%zz", "/a#b", "/\u00ff", "http://")) {
        bad.add(client.open(Http2Client.head("GET", path), true));
      }
      bad.add(client.open(Http2Client.head("G T", "/health"), true));
      bad.add(client.open(Http2Client.head("CONNECT", "/health"), true));
      bad.add(client.open(Http2Client.head("GET", "/health").authority("user@localhost"), true));
      bad.add(client.open(Http2Client.head("GET", "/health").authority("evil.example/"), true));
      bad.add(client.open(Http2Client.head("GET", "/health").add("host", "evil.example"), true));
      Exchange longer =
          client.open(
              Http2Client.head("POST", "/api/agent/progress").set("content-length", "2"), false);
      bad.add(longer.data("{}}".getBytes(UTF_8), true));
      for (Exchange each : bad) {
        Stack.await(each::isEnded, ended -> ended);
        if (each.seen().isEmpty()) {
          assertThat(each.resetBy()).isNotEqualTo(NO_ERROR);
        } else {
          assertThat(each.status()).isBetween(400, 499);
        }
      }
      assertThat(client.get("/health").status()).isEqualTo(200);
      assertThat(logs.warnings()).isEmpty();
      System.out.printf(Locale.ROOT, "%d malformed requests of HTTP/2%n", bad.size());
    }
  }

  @Test
  void headersThatAreTooLongAreRefused() {
    try (Http2Client client = new Http2Client(stack.webUi())) {
      Exchange fits =
          client.open(Http2Client.head("GET", "/health").set("x-y", "v".repeat(8000)), true);
      assertThat(fits.status()).isEqualTo(200);
      Exchange many = client.open(filled(40), true);
      Stack.await(() -> many.isEnded() || !client.isOpen(), ended -> ended);
    }
    assertThat(stack.get(stack.webUi() + "/health").status()).isEqualTo(200);
  }

  private static io.netty.handler.codec.http2.Http2Headers filled(int kilobytes) {
    var head = Http2Client.head("GET", "/health");
    for (int i = 0; i < kilobytes; i++) {
      head.add("x-" + i, "v".repeat(1024));
    }
    return head;
  }

  /// Streams that are opened and reset at once cost their own connection, and no other.
  @Test
  void rapidResetsAffectNoOtherConnection() {
    try (CapturedLogs logs = new CapturedLogs();
        Http2Client other = new Http2Client(stack.webUi());
        Http2Client attacker = new Http2Client(stack.webUi())) {
      Exchange watching = other.get("/api/events?session_id=rapid");
      assertThat(watching.status()).isEqualTo(200);
      for (int i = 0; i < 1000 && attacker.isOpen(); i++) {
        try {
          attacker.get("/api/events?session_id=rapid").cancel();
        } catch (Exception closed) {
          break;
        }
      }
      attacker.awaitClosed();
      assertThat(other.get("/health").status()).isEqualTo(200);
      stack.post(stack.webUi() + "/api/agent/progress", event("rapid", "e", ""));
      Stack.await(watching::seen, seen -> seen.contains("\"event_id\":\"e\""));
      Stack.await(Http2Test::streams, now -> now == 1);
      assertThat(logs.warnings()).isEmpty();
    }
  }

  @Test
  void bodiesThatTakeTooMuchTogetherAreRefusedEachOnItsStream() {
    try (Stack small = Stack.start("http.max-body-memory", "32KiB");
        Http2Client client = new Http2Client(small.agent())) {
      Http2Client.Exchange first = client.open(slow(), false).data(new byte[30_000], false);
      Stack.await(
          () -> small.get(small.agent() + "/metrics").response().body(),
          page -> new String(page, UTF_8).contains("agentrooms_http_body_bytes 30000"));

      Http2Client.Exchange second = client.open(slow(), false).data(new byte[10_000], false);

      assertThat(second.status()).isEqualTo(503);
      assertThat(second.header("retry-after")).isEqualTo("1");
      assertThat(first.isEnded()).isFalse();
      first.cancel();
      Stack.await(
          () -> small.get(small.agent() + "/metrics").response().body(),
          page -> new String(page, UTF_8).contains("agentrooms_http_body_bytes 0"));
    }
  }

  private static Http2Headers slow() {
    return Http2Client.head("POST", "/api/agent/run").set("content-type", "application/json");
  }
}
