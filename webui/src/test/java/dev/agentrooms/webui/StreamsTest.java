package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams over HTTP; what the protocol says in detail is checked by its own suite.
@Tag("wire")
@Timeout(60)
class StreamsTest {

  private static final String SECRET = "a-secret-that-is-long-enough-for-hs256";
  private static TestWebUi webUi;
  private static TestWebUi guarded;

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start("webui.streams.long-poll = 200ms");
    guarded =
        TestWebUi.start(
            "internal-token = producers", "webui.room-token-secret = \"" + SECRET + "\"");
  }

  @AfterAll
  static void stop() {
    webUi.close();
    guarded.close();
  }

  private static HttpResponse<String> send(
      TestWebUi to, String method, String path, String body, String... headers) throws Exception {
    var request =
        to.request("/v1/stream/" + path)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return to.send(request);
  }

  private static String newStream(String body) throws Exception {
    String path = TestWebUi.newSession();
    assertThat(send(webUi, "PUT", path, body, "Content-Type", "text/plain").statusCode())
        .isEqualTo(201);
    return path;
  }

  private static String next(HttpResponse<?> answer) {
    return answer.headers().firstValue("Stream-Next-Offset").orElseThrow();
  }

  @Test
  void whatIsAppendedIsReadFromAnyOffset() throws Exception {
    String path = newStream("one ");
    String behindOne = next(send(webUi, "GET", path, ""));
    assertThat(send(webUi, "POST", path, "two", "Content-Type", "text/plain").statusCode())
        .isEqualTo(204);
    assertThat(send(webUi, "GET", path, "").body()).isEqualTo("one two");
    assertThat(send(webUi, "GET", path + "?offset=" + behindOne, "").body()).isEqualTo("two");
  }

  @Test
  void anOffsetOfAnEarlierLifeIsGone() throws Exception {
    String path = newStream("old");
    String offset = next(send(webUi, "GET", path, ""));
    send(webUi, "DELETE", path, "");
    send(webUi, "PUT", path, "new", "Content-Type", "text/plain");
    var answer = send(webUi, "GET", path + "?offset=" + offset, "");
    assertThat(answer.statusCode()).isEqualTo(410);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void aReaderWhoPollsWaitsForSoLong() throws Exception {
    String path = newStream("");
    var answer = send(webUi, "GET", path + "?offset=now&live=long-poll", "");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Stream-Up-To-Date")).contains("true");
  }

  @Test
  void aLiveReaderSeesEachMessageOnceAndTheEnd() throws Exception {
    String path = newStream("m0\n");
    var live = webUi.sendLive(webUi.request("/v1/stream/" + path + "?offset=-1&live=sse"));
    try (var lines =
        new BufferedReader(new InputStreamReader(live.get().body(), StandardCharsets.UTF_8))) {
      for (int i = 1; i < 20; i++) {
        send(webUi, "POST", path, "m" + i + "\n", "Content-Type", "text/plain");
      }
      send(webUi, "POST", path, "", "Stream-Closed", "true");
      List<String> seen = new ArrayList<>();
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:m")) {
          seen.add(line.substring(5));
        }
        last = line.isEmpty() ? last : line;
      }
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add("m" + i);
      }
      assertThat(seen).isEqualTo(all);
      assertThat(last).contains("\"streamClosed\":true");
    }
  }

  @Test
  void aLiveReaderThatIsCutAnywhereGoesOnWithoutAHole() throws Exception {
    String path = TestWebUi.newSession();
    String[] json = {"Content-Type", "application/json"};
    send(webUi, "PUT", path, "", json);
    var live = webUi.sendLive(webUi.request("/v1/stream/" + path + "?offset=-1&live=sse"));
    List<Integer> all = new ArrayList<>();
    String whole;
    try (var in = live.get().body()) {
      for (int i = 0; i < 20; i++) {
        all.add(i);
        send(webUi, "POST", path, Integer.toString(i), json);
      }
      send(webUi, "POST", path, "", "Stream-Closed", "true");
      whole = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(numbers(whole)).isEqualTo(all);
    for (int cut = 0; cut < whole.length(); cut += 1 + whole.length() / 40) {
      String got = whole.substring(0, whole.lastIndexOf("\n\n", cut) + 2);
      Matcher places = PLACE.matcher(got);
      String place = "-1";
      int told = 0;
      while (places.find()) {
        place = places.group(1);
        told = places.end();
      }
      // What came without its place comes again.
      List<Integer> seen = numbers(got.substring(0, told));
      seen.addAll(numbers(send(webUi, "GET", path + "?live=sse&offset=" + place, "").body()));
      assertThat(seen).as("cut at " + cut).isEqualTo(all);
    }
  }

  private static final Pattern PLACE = Pattern.compile("\"streamNextOffset\":\"([^\"]+)\"");

  private static List<Integer> numbers(String events) {
    List<Integer> numbers = new ArrayList<>();
    for (String line : events.split("\n")) {
      if (line.startsWith("data:[")) {
        for (String number : line.substring(6, line.length() - 1).split(",")) {
          numbers.add(Integer.parseInt(number));
        }
      }
    }
    return numbers;
  }

  @Test
  void headDoesNotReadAndSaysWhatThereIs() throws Exception {
    String path = TestWebUi.newSession();
    send(webUi, "PUT", path, "[1]", "Content-Type", "application/json", "Stream-TTL", "60");
    var answer = send(webUi, "HEAD", path, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Stream-TTL")).contains("60");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void aMethodThatAStreamHasNotIsSaidSo() throws Exception {
    var answer = send(webUi, "PATCH", "a", "x");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("DELETE, GET, OPTIONS, POST, PUT");
  }

  @Test
  void anAppendMayHaveAMebibyte() throws Exception {
    String path = newStream("");
    String big = "x".repeat(1024 * 1024);
    assertThat(send(webUi, "POST", path, big, "Content-Type", "text/plain").statusCode())
        .isEqualTo(204);
    assertThat(send(webUi, "POST", path, big + "x", "Content-Type", "text/plain").statusCode())
        .isEqualTo(413);
  }

  @Test
  void aPageOfAnotherOriginWritesNothing() throws Exception {
    var answer =
        send(
            webUi,
            "PUT",
            TestWebUi.newSession(),
            "x",
            "Content-Type",
            "text/plain",
            "Origin",
            "https://evil.example");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void writingNeedsTheProducersTokenAndReadingOneForTheRoom() throws Exception {
    String path = TestWebUi.newSession();
    String[] token = {"X-Internal-Token", "producers", "Content-Type", "text/plain"};
    assertThat(send(guarded, "PUT", path, "x", "Content-Type", "text/plain").statusCode())
        .isEqualTo(401);
    assertThat(send(guarded, "PUT", path, "x", "X-Internal-Token", "wrong").statusCode())
        .isEqualTo(403);
    assertThat(send(guarded, "PUT", path, "x", token).statusCode()).isEqualTo(201);
    assertThat(send(guarded, "GET", path, "").statusCode()).isEqualTo(401);
    assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer producers").statusCode())
        .isEqualTo(200);
    Tokens rooms = Tokens.of(SECRET, InstantSource.system());
    String until = rooms.link(path, Scope.WATCH, null, rooms.now().plusSeconds(60));
    assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer " + until).statusCode())
        .isEqualTo(200);
    String other = rooms.link("other", Scope.WATCH, null, rooms.now().plusSeconds(60));
    assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer " + other).statusCode())
        .isEqualTo(403);
    // It is no session's, whoever has a session of this name.
    String user = rooms.user("ann", Scope.USE, rooms.now().plusSeconds(60));
    assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer " + user).statusCode())
        .isEqualTo(404);
    String admin = rooms.user("root", Scope.ADMIN, rooms.now().plusSeconds(60));
    assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer " + admin).statusCode())
        .isEqualTo(200);
  }

  @Test
  void streamsCanBeTakenAway() throws Exception {
    try (TestWebUi off = TestWebUi.start("webui.streams.on = off")) {
      assertThat(send(off, "PUT", "a", "x", "Content-Type", "text/plain").statusCode())
          .isEqualTo(404);
    }
  }

  private static String event(String id) {
    return "{\"event_id\":\"" + id + "\",\"ts\":\"2026-11-27T10:00:00Z\",\"step\":\"compiled\"}";
  }

  @Test
  void aRoomIsAStreamOfItsEventsWithTheSamePositions() throws Exception {
    String session = TestWebUi.newSession();
    String path = "rooms/" + session;
    webUi.publish(session, 1, 2);
    var answer =
        send(
            webUi,
            "POST",
            path,
            "[" + event("p1") + "," + event("p2") + "]",
            "Content-Type",
            "application/json");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(next(answer)).endsWith("_" + "0".repeat(15) + "4");
    var all = dev.agentrooms.protocol.Json.parse(send(webUi, "GET", path, "").body().getBytes());
    var messages =
        dev.agentrooms.protocol.Json.parse(
            webUi.get("/api/messages?session_id=" + session).body().getBytes());
    assertThat(all).isEqualTo(messages.path("messages"));
    assertThat(next(answer)).startsWith("0").contains(messages.path("epoch").asText() + "_");
  }

  @Test
  void aLiveReaderOfARoomSeesWhatSocketsSee() throws Exception {
    String session = TestWebUi.newSession();
    String path = "rooms/" + session;
    webUi.publish(session, "first");
    var live = webUi.sendLive(webUi.request("/v1/stream/" + path + "?offset=-1&live=sse"));
    try (var lines =
        new BufferedReader(new InputStreamReader(live.get().body(), StandardCharsets.UTF_8))) {
      List<String> seen = new ArrayList<>();
      String line = lines.readLine();
      for (int i = 0; i < 3; i++) {
        while (!line.startsWith("data:[")) {
          line = lines.readLine();
        }
        seen.add(line);
        line = lines.readLine();
        webUi.publish(session, "more" + i);
      }
      assertThat(seen.get(0)).contains("first");
      assertThat(seen.get(1)).contains("more0");
      assertThat(seen.get(2)).contains("more1");
    }
  }

  @Test
  void aPlaceThatARoomNoLongerRetainsIsGone() throws Exception {
    try (TestWebUi small = TestWebUi.start("webui.room.history-size = 5")) {
      String session = TestWebUi.newSession();
      small.publish(session, 1, 20);
      String path = "rooms/" + session;
      String tail = next(send(small, "HEAD", path, ""));
      String first = tail.substring(0, tail.indexOf('_')) + "_" + "0".repeat(15) + "1";
      assertThat(send(small, "GET", path + "?offset=" + first, "").statusCode()).isEqualTo(410);
      assertThat(send(small, "GET", path, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatARoomCannotDoIsRefusedWithItsReason() throws Exception {
    String path = "rooms/" + TestWebUi.newSession();
    String[] json = {"Content-Type", "application/json"};
    assertThat(send(webUi, "PUT", path, "", json).statusCode()).isEqualTo(201);
    assertThat(send(webUi, "PUT", path, "", "Stream-TTL", "60").statusCode()).isEqualTo(409);
    assertThat(send(webUi, "POST", path, "", "Stream-Closed", "true").statusCode()).isEqualTo(409);
    assertThat(send(webUi, "POST", path, "{}", json).statusCode()).isEqualTo(400);
    assertThat(send(webUi, "POST", path, "x", "Content-Type", "text/plain").statusCode())
        .isEqualTo(409);
    assertThat(send(webUi, "GET", "rooms/no/session", "").statusCode()).isEqualTo(400);
  }
}
