package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every part of a request that a library parses, with every value that might break it: it is
/// served or refused, never a 500, and does not appear in a log.
@Tag("wire")
class OddValuesTest {

  // A marker, to be found in logs.
  private static final String MARK = "zq7";

  private static final List<String> VALUES =
      List.of(
          "ключ",
          "é",
          "\ud83d\ude00",
          "\u00a0",
          "\u2028",
          "\"",
          "\"\"",
          "\\",
          "%",
          "%zz",
          "%ff%fe",
          "%00",
          "a%20b",
          "+",
          ";",
          ";;=",
          "; q=",
          ",",
          "=",
          "..",
          "/",
          "//",
          "*",
          "null",
          "NaN",
          "-1",
          "-0",
          "1e400",
          "0x10",
          "９",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999999999999999",
          "a:9223372036854775807",
          ":",
          "a:",
          ":1",
          "Bearer",
          "Bearer ключ",
          "Bearer a.b.c",
          "Bearer bnVsbA.bnVsbA.bnVsbA",
          "Bearer ..",
          "application/json; x=\"ключ\"",
          "application/json; charset=\"",
          "text/ключ",
          "http://[::1",
          "http://a:99999999999",
          "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-zz",
          "x".repeat(2_000));

  private static final List<String> HEADERS =
      List.of(
          "Idempotency-Key",
          "traceparent",
          "tracestate",
          "X-Correlation-Id",
          "Authorization",
          "X-Internal-Token",
          "Last-Event-ID",
          "Origin",
          "Content-Type",
          "Accept",
          "Accept-Encoding",
          "If-None-Match",
          "Cookie",
          "Sec-WebSocket-Key",
          "Sec-WebSocket-Version",
          "Sec-WebSocket-Protocol",
          "X-Forwarded-For",
          "Expect");

  private static final List<String> TARGETS =
      List.of(
          "/api/messages?session_id={}",
          "/api/messages?session_id=a&after={}",
          "/api/messages?session_id=a&limit={}",
          "/api/messages?session_id=a&token={}",
          "/api/messages?{}",
          "/api/messages?session_id=a&{}=1",
          "/api/agent/sessions?after={}",
          "/api/agent/sessions?limit={}",
          "/api/agent/sessions?{}",
          "/api/agent/sessions/{}",
          "/api/agent/sessions/a/runs/{}",
          "/api/agent/{}",
          "/page/{}",
          "/page/app/{}.js",
          "/{}",
          "/?session={}",
          "/health?{}",
          "/ws?{}");

  private static final String RUN = "{\"session_id\":\"odd\",\"question\":\"Why?\"}";
  private static final CapturedLogs LOGS = new CapturedLogs();

  private static Stack open;
  private static Stack closed;

  private record Place(String name, String url, String start, String end) {

    byte[] with(String value) {
      return (start + value + MARK + end).getBytes(UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() {
    open = Stack.start();
    closed =
        Stack.start(
            "webui.room-token-secret", "a secret of at least thirty-two bytes",
            "internal-token", "open-sesame");
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
    LOGS.close();
  }

  static List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (String target : TARGETS) {
      places.add(target("agent: ", open.agent(), target));
      places.add(target("web UI: ", open.webUi(), target));
    }
    for (String header : HEADERS) {
      for (String request : List.of("POST /api/agent/run", "GET /api/agent/sessions")) {
        places.add(header("agent: ", open.agent(), request, header));
      }
      for (String request :
          List.of(
              "POST /api/agent/run",
              "POST /api/agent/progress",
              "GET /api/agent/sessions/a",
              "GET /api/messages?session_id=a",
              "GET /ws",
              "GET /")) {
        places.add(header("web UI: ", open.webUi(), request, header));
      }
    }
    for (String header : List.of("Authorization", "X-Internal-Token")) {
      for (String request :
          List.of(
              "POST /api/agent/run?wait=1",
              "POST /api/agent/progress",
              "GET /api/agent/sessions/a",
              "GET /api/messages?session_id=a",
              "GET /api/events?session_id=a")) {
        places.add(header("web UI with tokens: ", closed.webUi(), request, header));
      }
    }
    places.add(
        target("web UI with tokens: ", closed.webUi(), "/api/messages?session_id=a&token={}"));
    return places;
  }

  private static Place target(String server, String url, String target) {
    String[] parts = target.split("\\{}", 2);
    return new Place(
        server + target,
        url,
        "GET " + parts[0],
        parts[1] + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  private static Place header(String server, String url, String request, String header) {
    boolean isPost = request.startsWith("POST");
    String type =
        isPost && !header.equals("Content-Type") ? "Content-Type: application/json\r\n" : "";
    return new Place(
        server + request + ", " + header,
        url,
        request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + ": ",
        "\r\n" + type + (isPost ? "Content-Length: " + RUN.length() + "\r\n\r\n" + RUN : "\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void anOddValueIsServedOrRefused(Place place) {
    for (String value : VALUES) {
      for (String sent :
          place.start().endsWith(": ")
              ? List.of(value)
              : List.of(value.replace(" ", "%20"), URLEncoder.encode(value, UTF_8))) {
        RawHttp.Answer answer = RawHttp.send(place.url(), place.with(sent));
        assertThat(answer.status()).as("%s: %s", place, sent).isBetween(101, 499);
        if (answer.status() >= 400) {
          assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        }
      }
    }
    assertThat(LOGS.lines())
        .noneMatch(line -> line.startsWith("ERROR"))
        .noneMatch(line -> withoutName(line).contains(MARK));
  }

  // A correlation id is what the caller wants to find in the log.
  private static String withoutName(String line) {
    return line.replaceAll("correlation_id=[^,}]*", "");
  }
}
