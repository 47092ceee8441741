package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A2A from the client's side, over both bindings.
@Tag("wire")
class A2aTest {

  private static final String ASKS =
      """
      workflows {
        asks {
          steps = [{ name = review, ask { prompt = "Send this?", value = "Hello", edit = true } }]
          result { reply = "{{steps.review.value}}" }
        }
      }
      """;

  // One run, and nobody who waits.
  private static final Object[] FULL = {"agent.runs.max-concurrent", 1, "agent.runs.max-queued", 0};

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
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static final String[] VERSION = {"A2A-Version", "1.0"};

  private static String message(String id, String context, String text, String... more) {
    return "{\"message\":{\"messageId\":\"%s\",\"role\":\"ROLE_USER\",\"contextId\":\"%s\",\"parts\":[{\"text\":\"%s\"}]%s}}"
        .formatted(id, context, text, more.length == 0 ? "" : "," + more[0]);
  }

  private static JsonNode rpc(String method, String params) {
    return client
        .post(
            "/a2a",
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}"
                .formatted(method, params),
            VERSION)
        .json();
  }

  private static int code(JsonNode answer) {
    return answer.path("error").path("code").asInt();
  }

  private static String state(JsonNode task) {
    return task.path("status").path("state").asText();
  }

  private static List<String> steps(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.path("statusUpdate").path("metadata").path("agentRooms"))
        .map(ours -> ours.path("step").asText())
        .filter(step -> !step.isEmpty())
        .toList();
  }

  private static final List<String> ANSWER =
      List.of("intent_determined", "start_retrieval", "retrieval_done", "final_answer");

  @Test
  void aMessageIsATaskAndTheSameMessageIsTheSameTask() {
    JsonNode sent = rpc("SendMessage", message("m1", "c1", "What is osmosis?"));
    assertThat(sent.path("id").asInt()).isEqualTo(7);
    JsonNode task = sent.path("result").path("task");
    assertThat(state(task)).isEqualTo("TASK_STATE_COMPLETED");
    assertThat(task.path("contextId").asText()).isEqualTo("c1");
    assertThat(task.path("artifacts").get(0).path("parts").get(0).path("text").asText())
        .isEqualTo("a");
    assertThat(task.path("history")).hasSize(1);
    String id = task.path("id").asText();

    ProtocolClient.Answer again =
        client.post("/a2a/message:send", message("m1", "c1", "What is osmosis?"), VERSION);
    assertThat(again.json().path("task")).isEqualTo(task);
    assertThat(client.get("/a2a/tasks/" + id, VERSION).json()).isEqualTo(task);
    assertThat(client.get("/a2a/tasks/" + id + "?historyLength=0", VERSION).json().has("history"))
        .isFalse();
    assertThat(code(rpc("SendMessage", message("m1", "c1", "Another?")))).isEqualTo(-32602);
    JsonNode listed = client.get("/a2a/tasks?contextId=c1", VERSION).json();
    assertThat(listed.path("tasks")).hasSize(1);
    assertThat(listed.path("totalSize").asInt()).isEqualTo(1);
    assertThat(rpc("ListTasks", "{}").path("result").path("tasks")).isNotEmpty();
  }

  @Test
  void aStreamShowsTheTaskEachStepOnceAndTheResultBeforeTheEnd() {
    List<JsonNode> events =
        client.post("/a2a/message:stream", message("m2", "c2", "What?"), VERSION).events();
    assertThat(events.getFirst().has("task")).isTrue();
    assertThat(steps(events)).isEqualTo(ANSWER);
    assertThat(events.get(events.size() - 2).has("artifactUpdate")).isTrue();
    assertThat(state(events.getLast().path("statusUpdate"))).isEqualTo("TASK_STATE_COMPLETED");

    List<JsonNode> overRpc =
        client
            .post(
                "/a2a",
                "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"SendStreamingMessage\",\"params\":%s}"
                    .formatted(message("m2", "c2", "What?")),
                VERSION)
            .events();
    // It comes again, and so does all that happened since it was submitted.
    assertThat(state(overRpc.getFirst().path("result").path("task")))
        .isEqualTo("TASK_STATE_SUBMITTED");
    assertThat(overRpc).allMatch(event -> event.path("id").asText().equals("x"));
    assertThat(overRpc.stream().map(event -> event.path("result")).skip(1).toList())
        .isEqualTo(events.subList(1, events.size()));
  }

  @Test
  void aCutStreamGoesOnAfterItsPositionAndACancelStopsTheTool() {
    String body = message("m3", "c3", "stuck until it is cancelled");
    String task;
    try (ProtocolClient.Stream cut = client.open("POST", "/a2a/message:stream", body, VERSION)) {
      String read = cut.until("start_retriev");
      task =
          ProtocolClient.events(read.substring(0, read.lastIndexOf("\n\n")))
              .getFirst()
              .path("task")
              .path("id")
              .asText();
    }
    String run = task.substring(task.indexOf('~') + 1);
    String path = "/a2a/tasks/" + task;
    JsonNode shown = client.get(path, VERSION).json();
    assertThat(state(shown)).isEqualTo("TASK_STATE_WORKING");
    String first = shown.path("metadata").path("agentRooms").path("cursor").asText();
    String epoch = first.substring(0, first.indexOf(':'));
    try (ProtocolClient.Stream after =
            client.open(
                "POST",
                path + ":subscribe",
                "",
                "A2A-Version",
                "1.0",
                "Last-Event-ID",
                epoch + ":1");
        ProtocolClient.Stream all =
            client.open(
                "GET", path + ":subscribe", null, "A2A-Version", "1.0", "Last-Event-ID", "0");
        ProtocolClient.Stream live =
            client.open("GET", path + ":subscribe", null, "A2A-Version", "1.0")) {
      Stack.await(() -> tool.of(run).begun.get(), begun -> begun == 1);
      all.until("start_retrieval\"");
      after.until("start_retrieval\"");
      live.until("\"task\"");

      ProtocolClient.Answer cancelled = client.post(path + ":cancel", "", VERSION);
      assertThat(state(cancelled.json())).isEqualTo("TASK_STATE_CANCELED");
      Stack.await(() -> tool.of(run).hungUp.get(), hungUp -> hungUp == 1);
      assertThat(steps(all.toTheEnd()))
          .containsExactly("intent_determined", "start_retrieval", "cancelled");
      assertThat(steps(after.toTheEnd())).containsExactly("start_retrieval", "cancelled");
      assertThat(steps(live.toTheEnd())).endsWith("cancelled").doesNotContain("intent_determined");
    }
    assertThat(state(client.post(path + ":cancel", "", VERSION).json()))
        .isEqualTo("TASK_STATE_CANCELED");
    assertThat(client.post(path + ":subscribe", "", VERSION).status()).isEqualTo(400);
  }

  @Test
  void aBusyContextQueuesRefusesOrInterruptsAsTheCallerWishes() {
    String at = "\"returnImmediately\":true";
    String first =
        message("m4", "c4", "stuck").replaceFirst("}$", ",\"configuration\":{" + at + "}}");
    JsonNode one = client.post("/a2a/message:send", first, VERSION).json().path("task");
    assertThat(state(one)).isIn("TASK_STATE_WORKING", "TASK_STATE_SUBMITTED");
    String second =
        message("m5", "c4", "Next?").replaceFirst("}$", ",\"configuration\":{" + at + "}}");
    JsonNode two = client.post("/a2a/message:send", second, VERSION).json().path("task");
    assertThat(state(two)).isEqualTo("TASK_STATE_SUBMITTED");
    ProtocolClient.Answer refused =
        client.post(
            "/a2a/message:send",
            message("m6", "c4", "No?", "\"metadata\":{\"on_busy\":\"reject\"}"),
            VERSION);
    assertThat(refused.status()).isEqualTo(400);
    JsonNode three =
        client
            .post(
                "/a2a/message:send",
                message("m7", "c4", "Now!", "\"metadata\":{\"on_busy\":\"interrupt\"}"),
                VERSION)
            .json()
            .path("task");
    assertThat(state(three)).isEqualTo("TASK_STATE_COMPLETED");
    for (JsonNode ended : List.of(one, two)) {
      assertThat(state(client.get("/a2a/tasks/" + ended.path("id").asText(), VERSION).json()))
          .isEqualTo("TASK_STATE_CANCELED");
    }
  }

  @Test
  void aPersonIsAskedAndAnswersByAMessageForTheTask() {
    String asks = message("m8", "c5", "Hello?", "\"metadata\":{\"workflow\":\"asks\"}");
    JsonNode task = rpc("SendMessage", asks).path("result").path("task");
    assertThat(state(task)).isEqualTo("TASK_STATE_INPUT_REQUIRED");
    String of = "\"taskId\":\"" + task.path("id").asText() + "\"";
    JsonNode done = rpc("SendMessage", message("m9", "c5", "Hi", of)).path("result").path("task");
    assertThat(state(done)).isEqualTo("TASK_STATE_COMPLETED");
    assertThat(done.path("artifacts").findValue("reply").asText()).isEqualTo("Hi");
    assertThat(done.path("history").findValuesAsText("text"))
        .containsExactly("Hello?", "Send this?", "Hi");
    String named = "{\"id\":\"%s\",\"history_length\":1}".formatted(done.path("id").asText());
    assertThat(rpc("GetTask", named).path("result").path("history").findValuesAsText("text"))
        .containsExactly("Hi");
    assertThat(code(rpc("SendMessage", message("m10", "c5", "Hi", of)))).isEqualTo(-32004);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "GetTask | {'id':'c~none'} | -32001",
        "GetTask | {'id':'none'} | -32001",
        "GetTask | {} | -32602",
        "CancelTask | {'id':'c~none'} | -32001",
        "SendMessage | {} | -32602",
        "SendMessage | {'message':{'messageId':'x','parts':[{'url':'http://x'}]}} | -32005",
        "SendMessage | {'message':{'messageId':'x','taskId':'c~none','parts':[{'text':'x'}]}} | -32001",
        "CreateTaskPushNotificationConfig | {} | -32003",
        "GetExtendedAgentCard | {} | -32004",
        "ListTasks | {'pageSize':0} | -32602",
        "ListTasks | {'page_size':101} | -32602",
        "Nothing | {} | -32601"
      })
  void whatIsWrongHasItsCode(String method, String params, int code) {
    assertThat(code(rpc(method, params.replace('\'', '"')))).isEqualTo(code);
  }

  @Test
  void tasksAreListedPageByPage() {
    for (String each : List.of("p1", "p2", "p3")) {
      client.post("/a2a/message:send", message(each, "c6", each), VERSION);
    }
    JsonNode first = client.get("/a2a/tasks?contextId=c6&pageSize=2", VERSION).json();
    String next = first.path("nextPageToken").asText();
    JsonNode second =
        client.get("/a2a/tasks?contextId=c6&pageSize=2&pageToken=" + next, VERSION).json();
    assertThat(first.path("tasks")).hasSize(2);
    assertThat(second.path("nextPageToken").asText()).isEmpty();
    assertThat(first.path("totalSize").asInt()).isEqualTo(3);
    assertThat(second.path("tasks")).hasSize(1).doesNotContainAnyElementsOf(first.path("tasks"));
  }

  @Test
  void whoIsOneTooManyIsToldWhenToComeBack() {
    try (Stack full = Stack.start(tool.settings(FULL));
        ProtocolClient many = new ProtocolClient(full.webUi())) {
      String run = full.run("f1", "stuck");
      Stack.await(() -> tool.of(run).begun.get(), begun -> begun == 1);
      String body = message("m", "f2", "x");
      ProtocolClient.Answer refused = many.post("/a2a/message:send", body, VERSION);
      assertThat(refused.status()).isEqualTo(429);
      String seconds = refused.header("Retry-After");
      assertThat(seconds).matches("[0-9]+");
      String call =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"SendMessage\",\"params\":" + body + "}";
      JsonNode error = many.post("/a2a", call, VERSION).json().path("error");
      assertThat(error.path("data").get(1).path("retryDelay").asText()).isEqualTo(seconds + "s");
      many.post("/a2a/tasks/f1~" + run + ":cancel", "", VERSION);
    }
  }

  @Test
  void whatIsNoCallIsSaidSo() {
    assertThat(code(client.post("/a2a", "{", VERSION).json())).isEqualTo(-32700);
    assertThat(code(client.post("/a2a", "{}", VERSION).json())).isEqualTo(-32600);
    String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ListTasks\"}";
    assertThat(code(client.post("/a2a", call).json())).isEqualTo(-32009);
    assertThat(client.get("/a2a").status()).isEqualTo(405);
    assertThat(client.get("/a2a/else").status()).isEqualTo(404);
    JsonNode missing = client.get("/a2a/tasks/c~none", VERSION).json().path("error");
    assertThat(missing.path("code").asInt()).isEqualTo(404);
    assertThat(missing.path("details").get(0).path("reason").asText()).isEqualTo("TASK_NOT_FOUND");
  }

  @Test
  void theCardNamesBothBindings() {
    JsonNode card = client.get("/.well-known/agent-card.json").json();
    assertThat(card.path("supportedInterfaces").findValuesAsText("protocolBinding"))
        .containsExactly("JSONRPC", "HTTP+JSON");
    assertThat(card.path("supportedInterfaces").get(0).path("url").asText())
        .isEqualTo(stack.webUi() + "/a2a");
    assertThat(card.path("skills").findValuesAsText("id")).contains("answer", "asks");
    assertThat(card.has("securitySchemes")).isFalse();
  }

  @Test
  void theCardIsKeptAsLongAsItIsTheSame() {
    String path = "/.well-known/agent-card.json";
    ProtocolClient.Answer card = client.get(path);
    assertThat(card.header("Cache-Control")).isEqualTo("max-age=60");
    assertThat(client.get(path, "If-None-Match", card.header("ETag")).status()).isEqualTo(304);
    assertThat(client.get(path, "If-None-Match", "\"another\"").status()).isEqualTo(200);
  }

  @Test
  void aContextIsOpenedByItsTokenOnly() {
    String secret = "rooms-are-opened-by-this-very-secret";
    try (Stack closed = Stack.start(tool.settings("webui.room-token-secret", secret));
        ProtocolClient stranger = new ProtocolClient(closed.webUi())) {
      assertThat(stranger.get("/.well-known/agent-card.json").json().has("securitySchemes"))
          .isTrue();
      String mine =
          Tokens.of(secret, InstantSource.system())
              .link("t1", Scope.USE, null, Instant.now().plusSeconds(60));
      String[] token = {"A2A-Version", "1.0", "Authorization", "Bearer " + mine};
      assertThat(stranger.post("/a2a/message:send", message("m", "t1", "x"), VERSION).status())
          .isEqualTo(401);
      assertThat(stranger.post("/a2a/message:send", message("m", "t2", "x"), token).status())
          .isEqualTo(403);
      assertThat(stranger.post("/a2a/message:send", message("m", "", "x"), token).status())
          .isEqualTo(403);
      assertThat(stranger.get("/a2a/tasks", token).status()).isEqualTo(403);
      assertThat(stranger.post("/a2a/message:send", message("m", "t1", "x"), token).status())
          .isEqualTo(200);
    }
  }
}
