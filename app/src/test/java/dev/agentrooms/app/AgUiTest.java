package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// AG-UI from the client's side, with whatever else happens to a session meanwhile.
@Tag("wire")
class AgUiTest {

  private static final String ASKS =
      """
      workflows {
        asks {
          steps = [{ name = review, ask { prompt = "Send this?", value = "Hello", edit = true } }]
          result { reply = "{{steps.review.value}}" }
        }
      }
      """;

  @TempDir private static Path folder;
  private static TestTool tool;
  private static Stack stack;
  private static ProtocolClient client;

  @BeforeAll
  static void start() throws IOException {
    Path file = folder.resolve("asks.conf");
    Files.writeString(file, ASKS);
    tool = TestTool.within(5, "stuck");
    stack = Stack.start(tool.settings("agent.workflows.file", file.toString()));
    client = new ProtocolClient(stack.webUi());
    // Some seconds pass until it is said to be gone, during which other tests run.
    leave("gone", "\"forwardedProps\":{\"on_disconnect\":\"cancel\"}");
    leave("away");
  }

  private static void leave(String thread, String... more) {
    String input = input(thread, thread + "-run", "stuck", more);
    try (ProtocolClient.Stream left = client.open("POST", "/ag-ui", input)) {
      left.until("TOOL_CALL_START");
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static String input(String thread, String run, String question, String... more) {
    return "{\"threadId\":\"%s\",\"runId\":\"%s\",\"messages\":[{\"id\":\"u\",\"role\":\"user\",\"content\":%s}]%s}"
        .formatted(
            thread,
            run,
            Json.mapper().valueToTree(question),
            more.length == 0 ? "" : "," + String.join(",", more));
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }

  private static List<String> steps(List<JsonNode> events) {
    return events.stream()
        .filter(event -> event.path("type").asText().equals("CUSTOM"))
        .map(event -> event.path("value").path("step").asText())
        .toList();
  }

  private static JsonNode end(List<JsonNode> events) {
    return events.getLast();
  }

  @Test
  void whoWantsItSoHasTheRunCancelledByGoingAway() {
    Stack.await(() -> tool.of("gone-run").hungUp.get(), hungUp -> hungUp == 1);
    List<JsonNode> events = client.post("/ag-ui/attach", "{\"threadId\":\"gone\"}").events();
    assertThat(end(events).path("outcome").path("type").asText()).isEqualTo("cancelled");
    assertThat(tool.of("away-run").hungUp.get()).isZero();
    client.post("/api/agent/cancel", "{\"session_id\":\"away\"}");
  }

  @Test
  void aRunStreamsAndIsReplayedByteForByte() {
    ProtocolClient.Answer live = client.post("/ag-ui", input("a1", "r1", "What is osmosis?"));
    assertThat(live.status()).isEqualTo(200);
    assertThat(live.header("Content-Type")).startsWith("text/event-stream");
    assertThat(types(live.events()))
        .containsExactly(
            "RUN_STARTED",
            "MESSAGES_SNAPSHOT",
            "CUSTOM",
            "STEP_STARTED",
            "CUSTOM",
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_END",
            "CUSTOM",
            "TOOL_CALL_RESULT",
            "STEP_FINISHED",
            "CUSTOM",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
    assertThat(end(live.events()).path("outcome").path("type").asText()).isEqualTo("success");
    assertThat(end(live.events()).path("result").path("answer").asText()).isEqualTo("a");

    assertThat(client.post("/ag-ui", input("a1", "r1", "What is osmosis?")).withoutComments())
        .isEqualTo(live.withoutComments());
    assertThat(client.post("/ag-ui", "{\"threadId\":\"a1\",\"runId\":\"r1\"}").withoutComments())
        .isEqualTo(live.withoutComments());
    assertThat(client.post("/ag-ui/attach", "{\"threadId\":\"a1\"}").withoutComments())
        .isEqualTo(live.withoutComments());
    assertThat(Stack.steps(stack.messages("a1"))).isEqualTo(steps(live.events()));
  }

  @Test
  void aCutStreamIsAskedForAgainAndCancelsNothing() {
    String body = input("a2", "r2", "stuck until it is cancelled");
    try (ProtocolClient.Stream cut = client.open("POST", "/ag-ui", body)) {
      cut.until("start_retriev");
    }
    try (ProtocolClient.Stream again = client.open("POST", "/ag-ui", body);
        ProtocolClient.Stream other =
            client.open("POST", "/ag-ui/attach", "{\"threadId\":\"a2\"}")) {
      again.until("TOOL_CALL_END");
      other.until("TOOL_CALL_END");
      Stack.await(() -> tool.of("r2").begun.get(), begun -> begun == 1);
      assertThat(tool.of("r2").hungUp.get()).isZero();

      String cancel = "{\"session_id\":\"a2\",\"run_id\":\"r2\"}";
      Stack.Answer done = stack.post(stack.webUi() + "/api/agent/cancel?wait=20", cancel);
      assertThat(done.status()).isEqualTo(200);
      Stack.await(() -> tool.of("r2").hungUp.get(), hungUp -> hungUp == 1);
      List<JsonNode> events = again.toTheEnd();
      assertThat(end(events).path("outcome").path("type").asText()).isEqualTo("cancelled");
      assertThat(steps(events))
          .containsExactly("intent_determined", "start_retrieval", "cancelled");
      assertThat(types(events)).endsWith("CUSTOM", "STEP_FINISHED", "RUN_FINISHED");
      assertThat(other.toTheEnd()).isEqualTo(events);
    }
  }

  @Test
  void aBusyThreadRefusesQueuesOrInterruptsAsTheClientWishes() {
    String busy = input("a3", "r3", "stuck");
    try (ProtocolClient.Stream first = client.open("POST", "/ag-ui", busy)) {
      first.until("TOOL_CALL_END");
      ProtocolClient.Answer refused = client.post("/ag-ui", input("a3", "r4", "Next?"));
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.header("Content-Type")).isEqualTo("application/json");
      assertThat(refused.json().path("message").asText()).isNotEmpty();

      String enqueue = "\"forwardedProps\":{\"on_busy\":\"enqueue\"}";
      try (ProtocolClient.Stream queued =
          client.open("POST", "/ag-ui", input("a3", "r5", "Next?", enqueue))) {
        queued.until("queued");
        String interrupt = "\"forwardedProps\":{\"on_busy\":\"interrupt\"}";
        List<JsonNode> last = client.post("/ag-ui", input("a3", "r6", "Now!", interrupt)).events();
        assertThat(end(last).path("outcome").path("type").asText()).isEqualTo("success");
        for (ProtocolClient.Stream ended : List.of(first, queued)) {
          assertThat(end(ended.toTheEnd()).path("outcome").path("type").asText())
              .isEqualTo("cancelled");
        }
      }
    }
  }

  @Test
  void aPersonIsAskedByAnInterruptAndAnswersByResuming() {
    String asks = input("a4", "r7", "Hello?", "\"forwardedProps\":{\"workflow\":\"asks\"}");
    List<JsonNode> asked = client.post("/ag-ui", asks).events();
    JsonNode outcome = end(asked).path("outcome");
    assertThat(outcome.path("type").asText()).isEqualTo("interrupt");
    JsonNode interrupt = outcome.path("interrupts").get(0);
    assertThat(interrupt.path("message").asText()).isEqualTo("Send this?");

    String wrong = "\"resume\":[{\"interruptId\":\"none\",\"status\":\"resolved\"}]";
    assertThat(client.post("/ag-ui", input("a4", "r8", "x", wrong)).status()).isEqualTo(422);

    String resume =
        "\"resume\":[{\"interruptId\":%s,\"status\":\"resolved\",\"payload\":{\"decision\":\"approve\",\"value\":\"Hi\"}}]"
            .formatted(interrupt.path("id"));
    List<JsonNode> resumed = client.post("/ag-ui", input("a4", "r8", "x", resume)).events();
    assertThat(resumed.getFirst().path("runId").asText()).isEqualTo("r8");
    assertThat(steps(resumed)).contains("input_required", "input_received", "final_answer");
    assertThat(end(resumed).path("result").path("reply").asText()).isEqualTo("Hi");
    // Whoever asks again sees it answered, and the same answer again is harmless.
    assertThat(end(client.post("/ag-ui", asks).events()).path("outcome").path("type").asText())
        .isEqualTo("success");
    assertThat(client.post("/ag-ui", input("a4", "r8", "x", resume)).events()).isEqualTo(resumed);
    assertThat(client.post("/ag-ui", input("a4", "r8", "x", resume.replace("Hi", "No"))).status())
        .isEqualTo(409);
  }

  @Test
  void whatIsWrongIsSaidBeforeAnyEvent() {
    client.post("/ag-ui", input("a5", "r9", "What is osmosis?"));
    assertThat(client.post("/ag-ui", input("a5", "r9", "Another question")).status())
        .isEqualTo(422);
    assertThat(client.post("/ag-ui", input("a6", "r9", "What is osmosis?")).status())
        .isEqualTo(409);
    ProtocolClient.Answer nameless = client.post("/ag-ui", "{\"runId\":\"r\"}");
    assertThat(nameless.status()).isEqualTo(400);
    assertThat(nameless.json().path("field").asText()).isEqualTo("threadId");
    assertThat(client.post("/ag-ui", input("a5", "../r", "x")).json().path("field").asText())
        .isEqualTo("runId");
    assertThat(client.post("/ag-ui", input("a5", "r10", " ")).json().path("field").asText())
        .isEqualTo("messages");
    assertThat(client.post("/ag-ui", "{").status()).isEqualTo(400);
    assertThat(client.get("/ag-ui").status()).isEqualTo(405);
    assertThat(client.post("/ag-ui/else", "{}").status()).isEqualTo(404);
    assertThat(client.post("/ag-ui/attach", "{\"threadId\":\"nobody\"}").status()).isEqualTo(404);
    String resume = "\"resume\":[{\"interruptId\":\"i\",\"status\":\"resolved\"}]";
    assertThat(client.post("/ag-ui", input("a5", "r11", "x", resume)).status()).isEqualTo(422);
  }

  @Test
  void aThreadIsOpenedByItsTokenOnly() {
    String secret = "rooms-are-opened-by-this-very-secret";
    try (Stack closed = Stack.start(tool.settings("webui.room-token-secret", secret));
        ProtocolClient stranger = new ProtocolClient(closed.webUi())) {
      String mine =
          Tokens.of(secret, InstantSource.system())
              .link("t1", Scope.USE, null, Instant.now().plusSeconds(60));
      String[] token = {"Authorization", "Bearer " + mine};
      ProtocolClient.Answer without = stranger.post("/ag-ui", input("t1", "r1", "What?"));
      assertThat(without.status()).isEqualTo(401);
      assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(stranger.post("/ag-ui", input("t2", "r2", "What?"), token).status())
          .isEqualTo(403);
      assertThat(stranger.post("/ag-ui", input("t1", "r1", "What?"), token).status())
          .isEqualTo(200);
      assertThat(
              stranger.post("/ag-ui/attach", "{\"threadId\":\"t1\"}", "x-api-key", mine).status())
          .isEqualTo(200);
    }
  }
}
