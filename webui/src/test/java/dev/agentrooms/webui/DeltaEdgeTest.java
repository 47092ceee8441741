package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Text that is being written, as clients get it.
@Timeout(300)
@Tag("wire")
class DeltaEdgeTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();
  private int events;

  @BeforeAll
  static void start() {
    webUi = TestWebUi.start("webui.room.history-size = 50");
  }

  @AfterAll
  static void stop() {
    webUi.close();
  }

  private void publish(String step) {
    TestWebUi.await(
        webUi
            .rooms()
            .publish(
                new ProgressEvent(
                    "e" + events++, Instant.EPOCH, room, "r1", step, null, Level.INFO, null, null),
                null));
  }

  private void write(long offset, String text) {
    webUi.rooms().write(new Delta(room, "r1", "draft", offset, text));
  }

  private HttpResponse<String> post(String body) throws Exception {
    return webUi.send(
        webUi
            .request("/api/agent/deltas")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  private String delta(int offset, String text) {
    return "{'session_id':'%s','run_id':'r1','part':'draft','offset':%d,'text':'%s'}"
        .formatted(room, offset, text);
  }

  @Test
  void aSocketAndAStreamGetTextWithoutASeqAndHistoryIsAsBefore() throws Exception {
    try (TestSocket socket = webUi.connect();
        TestEventStream stream = webUi.events("session_id=" + room + "&after=0")) {
      socket.subscribe(room);
      publish("start_draft");
      assertThat(post(delta(0, "Plants ")).statusCode()).isEqualTo(200);

      assertThat(socket.seq()).isEqualTo(1);
      assertThat(socket.message().toString().replace('"', '\''))
          .isEqualTo("{'type':'delta'," + delta(0, "Plants ").substring(1));
      assertThat(stream.next().name()).isEqualTo("progress");
      TestEventStream.Sent sent = stream.next();
      assertThat(sent.name()).isEqualTo("delta");
      assertThat(sent.id()).isNull();
      assertThat(sent.json().path("text").asText()).isEqualTo("Plants ");
      post(delta(7, "eat light"));
      publish("draft_done");
      assertThat(socket.message().path("text").asText()).isEqualTo("eat light");
      assertThat(socket.seq()).isEqualTo(2);
      assertThat(stream.next().json().path("offset").asInt()).isEqualTo(7);
      assertThat(stream.next().id()).endsWith(":2");
      assertThat(webUi.get("/api/messages?session_id=" + room).body()).contains("\"last_seq\":2");
    }
  }

  @Test
  void whoComesLateGetsOneDeltaBehindTheReplay() throws Exception {
    publish("start_draft");
    write(0, "Plants ");
    write(7, "eat ");
    try (TestSocket socket = webUi.connect();
        TestSocket without = webUi.connect();
        TestEventStream stream = webUi.events("session_id=" + room);
        TestEventStream quiet = webUi.events("deltas=0&after=0&session_id=" + room)) {
      socket.resume(room, 0, "any");
      assertThat(socket.seq()).isEqualTo(1);
      assertThat(socket.message().path("text").asText()).isEqualTo("Plants eat ");
      assertThat(stream.next().json().path("text").asText()).isEqualTo("Plants eat ");
      without.ask("{'cmd':'subscribe','session_id':'" + room + "','deltas':false,'after':0}");
      publish("draft_done");

      assertThat(without.seqs(2)).containsExactly(1L, 2L);
      assertThat(quiet.next().id()).endsWith(":1");
      assertThat(quiet.next().id()).endsWith(":2");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          session_id | {'run_id':'r','part':'p','offset':0,'text':'x'}
          run_id     | {'session_id':'s','part':'p','offset':0,'text':'x'}
          part       | {'session_id':'s','run_id':'r','offset':0,'text':'x'}
          part       | {'session_id':'s','run_id':'r','part':'a/b','offset':0,'text':'x'}
          offset     | {'session_id':'s','run_id':'r','part':'p','text':'x'}
          offset     | {'session_id':'s','run_id':'r','part':'p','offset':-1,'text':'x'}
          offset     | {'session_id':'s','run_id':'r','part':'p','offset':'0','text':'x'}
          text       | {'session_id':'s','run_id':'r','part':'p','offset':0}
          text       | {'session_id':'s','run_id':'r','part':'p','offset':0,'text':''}
          text       | {'session_id':'s','run_id':'r','part':'p','offset':0,'text':7}
          """)
  void aWrongFieldIsNamed(String field, String body) throws Exception {
    HttpResponse<String> answer = post(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.parse(answer.body().getBytes(StandardCharsets.UTF_8)).path("field").asText())
        .isEqualTo(field);
  }

  @Test
  void aWrongWishIsRefused() throws Exception {
    assertThat(webUi.get("/api/events?session_id=s&deltas=maybe").statusCode()).isEqualTo(400);
    try (TestSocket socket = webUi.connect()) {
      assertThat(
              socket
                  .ask("{'cmd':'subscribe','session_id':'s','deltas':'no'}")
                  .path("field")
                  .asText())
          .isEqualTo("deltas");
    }
  }

  @Test
  void aRunOfAHundredThousandTokensIsReadWholeAndMakesNobodyLag() throws Exception {
    int tokens = 100_000;
    int perDelta = 50;
    StringBuilder all = new StringBuilder();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      publish("start_draft");
      List<TestSocket> sockets = new ArrayList<>();
      List<Future<String>> readers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TestSocket socket = webUi.connect();
        sockets.add(socket);
        socket.subscribe(room);
        // One of them does not read until it is over.
        if (i > 0) {
          readers.add(threads.submit(reading(socket)));
        }
      }
      for (int i = 0; i < tokens; i += perDelta) {
        String text = ("tok" + i % 7).repeat(perDelta);
        write(all.length(), text);
        all.append(text);
      }
      publish("draft_done");
      readers.add(threads.submit(reading(sockets.getFirst())));

      for (Future<String> reader : readers) {
        assertThat(reader.get()).isEqualTo(all.toString());
      }
      for (TestSocket socket : sockets) {
        socket.close();
      }
    }
    assertThat(webUi.get("/api/messages?session_id=" + room).body())
        .contains("\"first_seq\":1,\"last_seq\":2");
  }

  private static Callable<String> reading(TestSocket socket) {
    return () -> {
      StringBuilder text = new StringBuilder();
      JsonNode message = socket.message();
      while (message.path("type").asText().equals("delta")) {
        assertThat(message.path("offset").asLong()).isEqualTo(text.length());
        text.append(message.path("text").asText());
        message = socket.message();
      }
      assertThat(message.path("seq").asLong()).isEqualTo(2);
      return text.toString();
    };
  }
}
