package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Events in by HTTP, and out by HTTP.
@Tag("wire")
@Timeout(300)
@ExtendWith(SharedWebUi.class)
class ProgressAndMessagesTest {

  private static final int LIMIT = 1024 * 1024;

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start(TestWebUi shared) {
    webUi = shared;
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return post(BodyPublishers.ofString(body), "application/json");
  }

  private static HttpResponse<String> post(BodyPublisher body, String contentType)
      throws Exception {
    return webUi.send(
        webUi.request("/api/agent/progress").header("Content-Type", contentType).POST(body));
  }

  /// An event with further members, written with `'` for `"`.
  private String event(String eventId, String more) {
    return ("{'event_id':'%s','ts':'2026-11-22T10:00:00.123Z','session_id':'%s',"
                .formatted(eventId, room)
            + "'step':'start_retrieval'"
            + more
            + "}")
        .replace('\'', '"');
  }

  private JsonNode messages(String more) throws Exception {
    var answer = webUi.get("/api/messages?session_id=" + room + more);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    return Json.parse(answer.body().getBytes(UTF_8));
  }

  private static List<Long> seqs(JsonNode messages) {
    var seqs = new ArrayList<Long>();
    messages.path("messages").forEach(event -> seqs.add(event.path("seq").asLong()));
    return seqs;
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String field) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    var problem = Json.parse(answer.body().getBytes(UTF_8));
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").textValue()).isNotEmpty();
    assertThat(problem.path("detail").textValue()).isNotEmpty();
    assertThat(problem.path("field").asText("")).isEqualTo(field);
  }

  @Test
  void anEventGetsItsPlaceAndItsRepetitionTheSame() throws Exception {
    var first = Json.parse(post(event("a", "")).body().getBytes(UTF_8));
    var second = Json.parse(post(event("b", "")).body().getBytes(UTF_8));
    var again = Json.parse(post(event("a", ",'message':'another body'")).body().getBytes(UTF_8));

    assertThat(first.path("session_id").textValue()).isEqualTo(room);
    assertThat(first.path("seq").asLong()).isEqualTo(1);
    assertThat(first.path("epoch").textValue()).isNotEmpty();
    assertThat(first.path("duplicate").booleanValue()).isFalse();
    assertThat(second.path("seq").asLong()).isEqualTo(2);
    assertThat(again.path("seq").asLong()).isEqualTo(1);
    assertThat(again.path("duplicate").booleanValue()).isTrue();
    assertThat(seqs(messages(""))).containsExactly(1L, 2L);
  }

  @Test
  void concurrentRetriesAreTakenOnce() throws Exception {
    var attempts = new ArrayList<Callable<JsonNode>>();
    for (int i = 0; i < 32; i++) {
      attempts.add(() -> Json.parse(post(event("same", "")).body().getBytes(UTF_8)));
    }
    int firsts = 0;
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var answer : threads.invokeAll(attempts)) {
        assertThat(answer.get().path("seq").asLong()).isEqualTo(1);
        firsts += answer.get().path("duplicate").booleanValue() ? 0 : 1;
      }
    }
    assertThat(firsts).isEqualTo(1);
    assertThat(seqs(messages(""))).containsExactly(1L);
  }

  @Test
  void whatIsTheRoomsToSayIsIgnored() throws Exception {
    post(event("a", ",'seq':99,'epoch':'mine','type':'subscribed','x':{'y':[1]}"));

    var message = messages("").path("messages").path(0);

    assertThat(message.path("seq").asLong()).isEqualTo(1);
    assertThat(message.path("type").textValue()).isEqualTo("progress");
    assertThat(message.has("epoch")).isFalse();
    assertThat(message.has("x")).isFalse();
    assertThat(message.path("level").textValue()).isEqualTo("info");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890123456789012345678901234567890",
        "0.1000000000000000055511151231257827021181583404541015625",
        "1E+400",
        "-1.50",
        "1E-400",
        "9007199254740993",
      })
  void numbersKeepEveryDigit(String number) throws Exception {
    assertThat(post(event("a", ",'meta':{'n':" + number + "}")).statusCode()).isEqualTo(200);

    assertThat(webUi.get("/api/messages?session_id=" + room).body())
        .contains("\"meta\":{\"n\":" + number + "}");
  }

  @Test
  void anEventMayHaveAMebibyteAndNotOneByteMore() throws Exception {
    String empty = event("a", ",'message':''");
    String message = ",'message':'" + "x".repeat(LIMIT - empty.length()) + "'";
    assertThat(event("a", message)).hasSize(LIMIT);

    assertProblem(post(event("a", message) + " "), 413, "");
    assertProblem(post(event("b", message + " ")), 413, "");
    assertThat(post(event("c", message)).statusCode()).isEqualTo(200);
    assertThat(messages("").path("messages").path(0).path("message").textValue())
        .hasSize(LIMIT - empty.length());
    try (var socket = webUi.connect()) {
      socket.resume(room, 0, "any");
      assertThat(socket.message().path("message").textValue()).hasSize(LIMIT - empty.length());
    }
  }

  @Test
  void aBodyOfUnknownLengthIsBoundedToo() throws Exception {
    byte[] large = event("a", ",'message':'" + "x".repeat(LIMIT) + "'").getBytes(UTF_8);

    assertProblem(
        post(
            BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(List.of(large))),
            "application/json"),
        413,
        "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/problem+json",
      })
  void anotherContentTypeIsRefused(String contentType) throws Exception {
    assertProblem(post(BodyPublishers.ofString(event("a", "")), contentType), 415, "");
    assertThat(seqs(messages(""))).isEmpty();
  }

  @Test
  void noContentTypeIsRefused() throws Exception {
    var answer =
        webUi.send(
            webUi.request("/api/agent/progress").POST(BodyPublishers.ofString(event("a", ""))));
    assertProblem(answer, 415, "");
  }

  @Test
  void aCharsetOfUtf8IsFine() throws Exception {
    assertThat(
            post(BodyPublishers.ofString(event("a", "")), "application/json; charset=UTF-8")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nonsense", "{'a':1}{'b':2}", "{'a':NaN}", "{'a':01}", "\u0000"})
  void malformedJsonIsRefused(String body) throws Exception {
    assertProblem(post(body.replace('\'', '"')), 400, "");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws Exception {
    byte[] body = event("a", ",'message':'?'").getBytes(UTF_8);
    for (byte bad : new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0xe4}) {
      byte[] wrong = body.clone();
      wrong[body.length - 3] = bad;
      assertProblem(post(BodyPublishers.ofByteArray(wrong), "application/json"), 400, "");
    }
  }

  @Test
  void aNameWithHalfAPairOfSurrogatesIsRefused() throws Exception {
    assertProblem(post(event("a", ",'meta':{'\\ud83d':1}")), 400, "");
  }

  @Test
  void endlessNestingIsRefused() throws Exception {
    assertProblem(post(event("a", ",'meta':" + "{'a':".repeat(100_000))), 400, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "7", "'event'"})
  void jsonThatIsNoObjectIsRefused(String body) throws Exception {
    assertProblem(post(body.replace('\'', '"')), 400, "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'event_id':'a'        | 'event_id':''                  | event_id",
        "'event_id':'a'        | 'event_id':7                   | event_id",
        "'event_id':'a'        | 'event_id':null                | event_id",
        "'event_id':'a'        | 'x':1                          | event_id",
        "'event_id':'a'        | 'event_id':'a\\ud800'          | event_id",
        "'session_id':'ROOM'   | 'session_id':'a b'             | session_id",
        "'session_id':'ROOM'   | 'x':1                          | session_id",
        "2026-11-22T10:00:00.123Z | yesterday                   | ts",
        "2026-11-22T10:00:00.123Z | 2026-11-22T10:00:00         | ts",
        "2026-11-22T10:00:00.123Z | 2026-13-22T10:00:00Z        | ts",
        "'step':'start_retrieval' | 'step':'Start'              | step",
        "'step':'start_retrieval' | 'step':''                   | step",
        "'step':'start_retrieval' | 'step':['a']                | step",
        "'step':'start_retrieval' | 'step':'a','level':'loud'   | level",
        "'step':'start_retrieval' | 'step':'a','level':1        | level",
        "'step':'start_retrieval' | 'step':'a','message':7      | message",
        "'step':'start_retrieval' | 'step':'a','message':'\\udc00'  | message",
        "'step':'start_retrieval' | 'step':'a','meta':[]        | meta",
        "'step':'start_retrieval' | 'step':'a','meta':'x'       | meta",
        "'step':'start_retrieval' | 'step':'a','meta':{'a':['\\ud83d']}  | meta",
        "'step':'start_retrieval' | 'step':'a','run_id':''      | run_id",
        "'step':'start_retrieval' | 'step':'a','tool':{}        | tool",
      },
      quoteCharacter = '`')
  void aWrongFieldIsNamed(String what, String instead, String field) throws Exception {
    String body = event("a", "");
    String wrong =
        body.replace(what.replace('\'', '"').replace("ROOM", room), instead.replace('\'', '"'));
    assertThat(wrong).isNotEqualTo(body);

    assertProblem(post(wrong), 400, field);
    assertThat(seqs(messages(""))).isEmpty();
  }

  @Test
  void anUnknownRoomIsEmpty() throws Exception {
    var empty = messages("");

    assertThat(empty.path("session_id").textValue()).isEqualTo(room);
    assertThat(empty.path("epoch").textValue()).isNotEmpty();
    assertThat(empty.path("first_seq").asLong(-1)).isZero();
    assertThat(empty.path("last_seq").asLong(-1)).isZero();
    assertThat(empty.path("messages").isArray()).isTrue();
    assertThat(empty.path("messages")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 4 5 6 7 8",
    "&after=0, 4 5 6 7 8",
    "&after=5, 6 7 8",
    "&after=5&limit=2, 6 7",
    "&limit=1, 4",
    "&after=8, ''",
    "&after=9223372036854775807, ''",
    "&limit=2147483647, 4 5 6 7 8",
    "&after=&limit=, 4 5 6 7 8",
  })
  void messagesAreReadFromWhereOneAsks(String more, String expected) throws Exception {
    webUi.publish(room, 1, 8);

    var page = messages(more);

    assertThat(String.join(" ", seqs(page).stream().map(String::valueOf).toList()))
        .isEqualTo(expected);
    assertThat(page.path("first_seq").asLong()).isEqualTo(4);
    assertThat(page.path("last_seq").asLong()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "'', session_id",
    "session_id=%20, session_id",
    "session_id=a&after=x, after",
    "session_id=a&after=-1, after",
    "session_id=a&limit=0, limit",
    "session_id=a&limit=-3, limit",
    "session_id=a&limit=2147483648, limit",
    "session_id=a&limit=1e3, limit",
  })
  void aWrongQueryIsNamed(String query, String field) throws Exception {
    assertProblem(webUi.get("/api/messages?" + query), 400, field);
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/messages?session_id=a, GET",
    "POST, /api/events?session_id=a, GET",
    "GET, /api/agent/progress, POST",
    "POST, /ws, GET",
  })
  void aWrongMethodIsToldWhatIsAllowed(String method, String path, String allow) throws Exception {
    var answer = webUi.send(webUi.request(path).method(method, BodyPublishers.noBody()));

    assertProblem(answer, 405, "");
    assertThat(answer.headers().firstValue("allow").orElse("")).contains(allow);
  }

  @Test
  void withoutAnUpgradeASocketIsRefused() throws Exception {
    var answer = webUi.get("/ws");

    assertProblem(answer, 426, "");
    assertThat(answer.headers().firstValue("upgrade")).hasValue("websocket");
  }
}
