package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A room as Server-Sent Events, on a real connection.
@Tag("wire")
@Timeout(300)
@ExtendWith(SharedWebUi.class)
class EventStreamTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start(TestWebUi shared) {
    webUi = shared;
  }

  /// A stream that is known to have joined its room.
  private TestEventStream live() throws Exception {
    var stream = webUi.events("session_id=" + room);
    assertThat(stream.line()).isEqualTo(":");
    return stream;
  }

  @Test
  void aStreamHasItsContentType() throws Exception {
    try (var stream = live()) {
      var headers = stream.answer().headers();
      assertThat(stream.answer().statusCode()).isEqualTo(200);
      assertThat(headers.firstValue("content-type").orElse("")).startsWith("text/event-stream");
      assertThat(headers.firstValue("cache-control")).hasValue("no-store");
    }
  }

  @Test
  void withoutAPositionThereAreLiveEventsOnly() throws Exception {
    webUi.publish(room, 1, 2);
    try (var stream = live()) {
      String epoch = webUi.publish(room, "e3").epoch();

      var event = stream.next();

      assertThat(event.name()).isEqualTo("progress");
      assertThat(event.id()).isEqualTo(epoch + ":3");
      assertThat(event.json().path("type").textValue()).isEqualTo("progress");
      assertThat(event.json().path("seq").asLong()).isEqualTo(3);
      assertThat(event.json().path("event_id").textValue()).isEqualTo("e3");
    }
  }

  @Test
  void theEventsAreThoseOfASocket() throws Exception {
    try (var stream = live();
        var socket = webUi.connect()) {
      socket.subscribe(room);
      webUi.publish(room, "e1", "a line\nand \u2028 another, привет");

      assertThat(stream.next().json()).isEqualTo(socket.message());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"header", "after with epoch", "after and epoch", "after alone"})
  void aStreamResumes(String how) throws Exception {
    webUi.publish(room, 1, 4);
    String epoch = webUi.publish(room, "e4").epoch();
    String query = "session_id=" + room;
    try (var stream =
        switch (how) {
          case "header" -> webUi.events(query, "Last-Event-ID", epoch + ":2");
          case "after with epoch" -> webUi.events(query + "&after=" + epoch + ":2");
          case "after and epoch" -> webUi.events(query + "&after=2&epoch=" + epoch);
          default -> webUi.events(query + "&after=2");
        }) {
      assertThat(stream.next().id()).isEqualTo(epoch + ":3");
      assertThat(stream.next().id()).isEqualTo(epoch + ":4");
      webUi.publish(room, "e5");
      assertThat(stream.next().id()).isEqualTo(epoch + ":5");
    }
  }

  @Test
  void theHeaderOfAReconnectWinsOverTheQuery() throws Exception {
    webUi.publish(room, 1, 4);
    String epoch = webUi.publish(room, "e4").epoch();
    try (var stream =
        webUi.events("session_id=" + room + "&after=0", "Last-Event-ID", epoch + ":3")) {
      assertThat(stream.next().id()).isEqualTo(epoch + ":4");
    }
  }

  @Test
  void afterZeroGivesEverything() throws Exception {
    webUi.publish(room, 1, 2);
    try (var stream = webUi.events("session_id=" + room + "&after=0")) {
      assertThat(stream.next().json().path("seq").asLong()).isEqualTo(1);
      assertThat(stream.next().json().path("seq").asLong()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{epoch}:2",
        "{epoch}:9",
        "{epoch}:9223372036854775807",
        "{epoch}:9223372036854775808",
        "{epoch}:-1",
        "{epoch}:",
        "other:7",
        "nonsense",
        ":",
        "7",
      })
  void aStreamThatCannotResumeIsReset(String lastEventId) throws Exception {
    webUi.publish(room, 1, 8);
    String epoch = webUi.publish(room, "e8").epoch();
    try (var stream =
        webUi.events(
            "session_id=" + room, "Last-Event-ID", lastEventId.replace("{epoch}", epoch))) {
      var reset = stream.next();
      assertThat(reset.name()).isEqualTo("reset");
      assertThat(reset.id()).isNull();
      assertThat(reset.data()).isEqualTo("{\"epoch\":\"" + epoch + "\",\"first_seq\":4}");
      for (int seq = 4; seq <= 8; seq++) {
        assertThat(stream.next().id()).isEqualTo(epoch + ":" + seq);
      }
    }
  }

  @Test
  void anEmptyLastEventIdIsNone() throws Exception {
    webUi.publish(room, 1, 2);
    try (var stream = webUi.events("session_id=" + room, "Last-Event-ID", "")) {
      assertThat(stream.line()).isEqualTo(":");
      webUi.publish(room, "e3");
      assertThat(stream.next().json().path("seq").asLong()).isEqualTo(3);
    }
  }

  @Test
  void twoReadersGetTheSame() throws Exception {
    try (var one = live();
        var two = live()) {
      webUi.publish(room, 1, 4);

      for (int i = 1; i <= 4; i++) {
        assertThat(one.next()).isEqualTo(two.next());
      }
    }
  }

  @Test
  void aReaderThatLagsIsToldAndTheStreamEnds() throws Exception {
    try (var slow = new Socket();
        var prompt = webUi.connect()) {
      slow.setReceiveBufferSize(16 * 1024);
      slow.connect(webUi.address());
      slow.setSoTimeout(60_000);
      slow.getOutputStream()
          .write(
              ("GET /api/events?session_id=%s&after=0 HTTP/1.1\r\nHost: localhost\r\n"
                      + "Connection: close\r\n\r\n")
                  .formatted(room)
                  .getBytes(UTF_8));
      // Answered, so it has joined, or will before it is lagged.
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      prompt.subscribe(room);
      String large = "x".repeat(300_000);
      for (int i = 1; i <= 100; i++) {
        webUi.publish(room, "e" + i, large);
        assertThat(prompt.seq()).isEqualTo(i);
      }

      var all = new String(slow.getInputStream().readAllBytes(), UTF_8);

      assertThat(all).contains("event: lagged\ndata: {}\n\n").doesNotContain("\"e100\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', session_id",
    "session_id=, session_id",
    "session_id=a%20b, session_id",
    "session_id=%2Fetc, session_id",
    "session_id=a&after=x, after",
    "session_id=a&after=-1, after",
    "session_id=a&after=1.5, after",
    "session_id=a&after=9223372036854775808, after",
  })
  void aWrongQueryIsNamed(String query, String field) throws Exception {
    var answer = webUi.get("/api/events?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
  }
}
