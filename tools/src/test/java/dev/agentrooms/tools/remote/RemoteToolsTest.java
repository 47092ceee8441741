package dev.agentrooms.tools.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.Conversation.Message;
import dev.agentrooms.protocol.Conversation.Role;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.RawServer;
import dev.agentrooms.tools.RemoteAnswer;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import dev.agentrooms.tools.Tools;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Remote agents over HTTP: what becomes of their streams, however these are cut or end.
@Tag("wire")
class RemoteToolsTest {

  private static final int MAX = 100_000;
  private static final String SSE =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String NDJSON =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

  @TempDir private Path folder;
  private final HttpClient http = ToolClient.newHttpClient();
  private final ToolClient client = new ToolClient(() -> http, old -> {});
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch hasHeard = new CountDownLatch(1);

  private final CallObserver observer =
      new CallObserver() {
        @Override
        public void progress(Progress progress) {
          heard.add(progress.step() + ": " + progress.message());
          hasHeard.countDown();
        }

        @Override
        public void delta(String more) {
          heard.add(more);
        }
      };

  private Attempt call(URI uri, String protocol) throws Exception {
    return call(uri, protocol, Json.object());
  }

  private Attempt call(URI uri, String protocol, JsonNode arguments) throws Exception {
    Path file = folder.resolve("my.conf");
    Files.writeString(
        file,
        """
        workflows { w { steps = [ { name = work, remote {
          url = "%s/agent/{{input.room}}", protocol = %s, headers { X-Who = "{{question}}" } } } ] } }
        """
            .formatted(uri, protocol));
    Definitions all =
        Definitions.read(
            file,
            Tools.NONE,
            Set.of(),
            new ToolDefaults(Duration.ofSeconds(30), Duration.ofMillis(300)));
    RemoteTools tools =
        new RemoteTools(
            client,
            all.remotes(),
            MAX,
            (call, listener) -> {
              throw new AssertionError("not remote");
            });
    JsonNode input = Json.object().put("room", "a b");
    Scope scope = new Scope("s", "r-1", "Why?", input, Map.of("before", TextNode.valueOf("x")));
    Message message = new Message("m-r-1-q", Role.USER, "Why?", null, "r-1", Instant.EPOCH, null);
    return tools.call(
        new ToolCall(
            all.tools().get("remote.w.work"),
            "r-1.work.1",
            "00-t",
            arguments,
            scope,
            List.of(message),
            Hidden.NONE),
        observer);
  }

  private static ToolResult result(Attempt attempt) throws Exception {
    return attempt.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static ToolResult.Failed failed(Attempt attempt) throws Exception {
    assertThat(result(attempt)).isInstanceOf(ToolResult.Failed.class);
    return (ToolResult.Failed) result(attempt);
  }

  private static String chunk(String text) {
    int bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    return Integer.toHexString(bytes) + "\r\n" + text + "\r\n";
  }

  private static String event(String json) {
    return "data: " + json.replace('\'', '"') + "\n\n";
  }

  private static RawServer answering(String head, String... pieces) throws Exception {
    return new RawServer(
        connection -> {
          connection.send(head);
          for (String piece : pieces) {
            connection.send(chunk(piece));
          }
          connection.send("0\r\n\r\n");
          connection.waitForClose();
        });
  }

  @Test
  void anAgentOfAgUiIsFollowedToItsEnd() throws Exception {
    String stream =
        event("{'type':'RUN_STARTED','threadId':'s','runId':'r-1'}")
            + event("{'type':'STEP_STARTED','stepName':'read'}")
            + event("{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'Про'}")
            + event("{'type':'TEXT_MESSAGE_CONTENT','messageId':'m','delta':'сто 🌱'}")
            + event("{'type':'RUN_FINISHED','result':{'score':1}}");
    int half = stream.indexOf("🌱");
    try (RawServer server = answering(SSE, stream.substring(0, half), stream.substring(half))) {
      assertThat(result(call(server.uri(), "ag-ui")))
          .isEqualTo(
              new ToolResult.Succeeded(Json.object().put("score", 1).put("text", "Просто 🌱")));
    }
    assertThat(heard).containsExactly("start_read: read", "Про", "сто 🌱");
  }

  @Test
  void anAgentThatSpeaksLinesIsFollowedToItsEnd() throws Exception {
    try (RawServer server =
        answering(
            NDJSON,
            "{\"step\":\"reading\",\"message\":\"Reads\"}\n{\"del",
            "ta\":\"Hello\"}\r\n\n",
            "{\"result\":[1]}")) {
      JsonNode expected = Json.object().set("result", Json.mapper().createArrayNode().add(1));
      assertThat(result(call(server.uri(), "ndjson")))
          .isEqualTo(
              new ToolResult.Succeeded(
                  ((com.fasterxml.jackson.databind.node.ObjectNode) expected)
                      .put("text", "Hello")));
    }
    assertThat(heard).containsExactly("reading: Reads", "Hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data: {"type":"RUN_ERROR","message":"No luck"} | REMOTE_FAILED | No luck
          data: {"type":"RUN_STARTED"} | CONNECTION_LOST | The connection to the agent ended before the agent's work did.
          : nothing | CONNECTION_LOST | The connection to the agent ended before the agent's work did.
          data: <html> | INVALID_ANSWER | The agent's stream is not what it should be: It is not JSON (line 1, column 1).
          data: {} | INVALID_ANSWER | The agent's stream is not what it should be: type must be a string
          """)
  void aStreamThatEndsInAnotherWayFails(String event, Reason reason, String why) throws Exception {
    try (RawServer server = answering(SSE, event + "\n\n")) {
      ToolResult.Failed failed = failed(call(server.uri(), "ag-ui"));
      assertThat(failed.reason()).isEqualTo(reason);
      assertThat(failed.detail()).isEqualTo(why);
    }
  }

  @Test
  void aConnectionThatBreaksIsLost() throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.send(SSE + chunk(event("{'type':'RUN_STARTED'}")));
              connection.reset();
            })) {
      assertThat(failed(call(server.uri(), "ag-ui")).reason()).isEqualTo(Reason.CONNECTION_LOST);
    }
    assertThat(failed(call(RawServer.nobody(), "ag-ui")).reason())
        .isEqualTo(Reason.CONNECTION_REFUSED);
  }

  @Test
  void anAnswerThatIsNoStreamOfTheProtocolIsRefused() throws Exception {
    try (RawServer html =
            answering(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
                "<p>");
        RawServer busy =
            answering(
                "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n", "x")) {
      assertThat(failed(call(html.uri(), "ag-ui")).reason()).isEqualTo(Reason.INVALID_ANSWER);
      assertThat(failed(call(html.uri(), "ndjson")).reason()).isEqualTo(Reason.INVALID_ANSWER);
      ToolResult.Failed failed = failed(call(busy.uri(), "ag-ui"));
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }
  }

  @Test
  void whatIsTooLongEndsTheCall() throws Exception {
    String endless = "x".repeat(MAX + 10);
    try (RawServer line = answering(SSE, "data: " + endless);
        RawServer text =
            answering(
                SSE,
                event("{'type':'TEXT_MESSAGE_CONTENT','delta':'" + "x".repeat(60_000) + "'}"),
                event("{'type':'TEXT_MESSAGE_CONTENT','delta':'" + "x".repeat(60_000) + "'}"))) {
      assertThat(failed(call(line.uri(), "ag-ui")).reason()).isEqualTo(Reason.INVALID_ANSWER);
      assertThat(failed(call(text.uri(), "ag-ui")).reason()).isEqualTo(Reason.ANSWER_TOO_LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"before the head", "after the head", "between events"})
  void aCancelClosesTheConnection(String moment) throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              if (!moment.equals("before the head")) {
                connection.send(SSE);
              }
              if (moment.equals("between events")) {
                connection.send(chunk(event("{'type':'STEP_STARTED','stepName':'read'}")));
              }
              connection.waitForClose();
            })) {
      Attempt attempt = call(server.uri(), "ag-ui");
      server.awaitRequest();
      if (moment.equals("between events")) {
        assertThat(hasHeard.await(60, TimeUnit.SECONDS)).isTrue();
      }
      attempt.cancel();
      server.awaitClose();
      assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
      attempt.cancel();
    }
  }

  @Test
  void anAgentIsSentTheConversationAndTheAnswersOfPeople() throws Exception {
    JsonNode answer =
        RemoteAnswer.arguments(
            List.of(
                new RemoteAnswer("i1", true, TextNode.valueOf("Dear Ann")),
                new RemoteAnswer("i2", false, null)));
    for (String protocol : List.of("ag-ui", "ndjson")) {
      try (Recorder agent = new Recorder()) {
        result(call(agent.uri(), protocol, answer));
        assertThat(agent.path()).isEqualTo("/agent/a%20b");
        assertThat(agent.header("X-Who")).isEqualTo("Why?");
        assertThat(agent.header("Idempotency-Key")).isEqualTo("r-1.work.1");
        assertThat(agent.body().toString().replace('"', '\''))
            .isEqualTo(
                protocol.equals("ag-ui")
                    ? "{'threadId':'s','runId':'r-1','state':{},"
                        + "'messages':[{'id':'m-r-1-q','role':'user','content':'Why?'}],'tools':[],"
                        + "'context':[{'description':'Output of the step before','value':'\\'x\\''}],"
                        + "'forwardedProps':{'room':'a b'},"
                        + "'resume':[{'interruptId':'i1','status':'resolved','payload':'Dear Ann'},"
                        + "{'interruptId':'i2','status':'cancelled'}]}"
                    : "{'session_id':'s','run_id':'r-1','question':'Why?','input':{'room':'a b'},"
                        + "'messages':[{'id':'m-r-1-q','role':'user','text':'Why?'}],"
                        + "'steps':{'before':'x'},"
                        + "'resume':{'input_id':'i2','decision':'reject','value':null}}");
      }
    }
  }
}
