package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The OpenAI Responses API over a real server, as its clients use it.
@Tag("wire")
@Timeout(300)
class OpenAiTest {

  private static TestTool tool;
  private static Stack stack;
  private static ProtocolClient client;

  @BeforeAll
  static void start() {
    tool = TestTool.within(20, "stuck");
    stack = Stack.start(tool.settings());
    client = new ProtocolClient(stack.webUi() + "/v1");
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static JsonNode create(String conversation, String input, String... more) {
    ProtocolClient.Answer answer = client.post("/responses", body(conversation, input, more));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static String body(String conversation, String input, String... more) {
    String rest = more.length == 0 ? "" : "," + String.join(",", more);
    return "{\"conversation\":\"%s\",\"input\":\"%s\"%s}".formatted(conversation, input, rest);
  }

  private static String runId(JsonNode response) {
    String id = response.path("id").asText();
    return id.substring(id.indexOf('~') + 1);
  }

  private static List<JsonNode> events(String stream) {
    return ProtocolClient.data(stream).stream()
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> Json.parse(data.getBytes(UTF_8)))
        .toList();
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }

  private static JsonNode awaitStatus(String id, String status) {
    return Stack.await(
        () -> client.get("/responses/" + id).json(),
        response -> response.path("status").asText().equals(status));
  }

  @Test
  void aResponseIsARunAndReadAgainTheSame() {
    JsonNode response = create("whole", "Create a quiz about cells");
    assertThat(response.path("status").asText()).isEqualTo("completed");
    assertThat(response.path("output").findValuesAsText("type"))
        .startsWith("mcp_call", "mcp_call", "message");
    assertThat(response.path("output_text").asText()).isNotBlank();
    assertThat(client.get("/responses/" + response.path("id").asText()).json()).isEqualTo(response);
    JsonNode run =
        stack.get(stack.agent() + "/api/agent/sessions/whole/runs/" + runId(response)).json();
    assertThat(run.path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aStreamThatIsCutAnywhereGoesOnWithoutAHole() {
    String live;
    try (ProtocolClient.Stream stream =
        client.open(
            "POST", "/responses", body("cut", "Create a quiz about cells", "\"stream\":true"))) {
      live = stream.whole();
    }
    List<String> all = ProtocolClient.data(live);
    assertThat(all.getLast()).isEqualTo("[DONE]");
    List<JsonNode> events = events(live);
    assertThat(types(events)).startsWith("response.created", "response.in_progress");
    assertThat(types(events)).endsWith("response.completed");
    String path = "/responses/" + events.getFirst().at("/response/id").asText() + "?stream=true";
    assertThat(client.get(path).text()).isEqualTo(live);

    for (int cut = 0; cut < live.length(); cut += 1 + live.length() / 12) {
      List<String> got = new ArrayList<>(ProtocolClient.data(live.substring(0, cut)));
      String resume = got.isEmpty() ? "" : "&starting_after=" + (got.size() - 1);
      got.addAll(ProtocolClient.data(client.get(path + resume).text()));
      assertThat(got).isEqualTo(all);
    }
    assertThat(events(client.get(path + "&starting_after=999").text())).isEmpty();
    assertThat(events.stream().map(event -> event.at("/agent_rooms/event_id").asText()).distinct())
        .containsExactlyElementsOf(
            stack.messages("cut").stream().map(event -> event.path("event_id").asText()).toList());
  }

  @Test
  void aCancelStopsTheToolAndEndsEveryStream() {
    JsonNode response = create("cancel", "What is stuck?", "\"background\":true");
    String path = "/responses/" + response.path("id").asText();
    TestTool.Calls calls = tool.of(runId(response));
    try (ProtocolClient.Stream stream = client.open("GET", path + "?stream=true", null)) {
      String before = stream.untilLine("response.mcp_call_arguments.done");
      Stack.await(calls.begun::get, begun -> begun == 1);
      ProtocolClient.Answer cancelled = client.post(path + "/cancel", "");
      assertThat(cancelled.status()).isEqualTo(200);
      assertThat(cancelled.json().path("status").asText()).isEqualTo("cancelled");
      Stack.await(calls.hungUp::get, hungUp -> hungUp == 1);

      String whole = stream.whole();
      List<JsonNode> events = events(whole);
      assertThat(types(events))
          .endsWith("response.mcp_call.failed", "response.output_item.done", "response.incomplete");
      assertThat(events.getLast().at("/response/status").asText()).isEqualTo("cancelled");
      long seen = events(before).size() - 1L;
      assertThat(
              ProtocolClient.data(client.get(path + "?stream=true&starting_after=" + seen).text()))
          .isEqualTo(ProtocolClient.data(whole).subList((int) seen + 1, events.size() + 1));
    }
    assertThat(client.post(path + "/cancel", "").json().path("status").asText())
        .isEqualTo("cancelled");
    JsonNode ended = create("cancel", "What is a cell?");
    ProtocolClient.Answer late =
        client.post("/responses/" + ended.path("id").asText() + "/cancel", "");
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.json().at("/error/code").asText()).isEqualTo("response_not_cancellable");
  }

  @Test
  void aBusyConversationRejectsEnqueuesOrInterrupts() {
    JsonNode first = create("busy", "What is stuck?", "\"background\":true");
    ProtocolClient.Answer rejected = client.post("/responses", body("busy", "And now?"));
    assertThat(rejected.status()).isEqualTo(409);
    assertThat(rejected.json().at("/error/code").asText()).isEqualTo("conversation_locked");
    assertThat(rejected.header("x-should-retry")).isEqualTo("false");

    JsonNode queued =
        create("busy", "Next?", "\"background\":true", "\"metadata\":{\"on_busy\":\"enqueue\"}");
    assertThat(queued.path("status").asText()).isEqualTo("queued");
    JsonNode instead = create("busy", "Instead?", "\"metadata\":{\"on_busy\":\"interrupt\"}");
    assertThat(instead.path("status").asText()).isEqualTo("completed");
    awaitStatus(first.path("id").asText(), "cancelled");
    awaitStatus(queued.path("id").asText(), "cancelled");
    String told = client.get("/responses/" + queued.path("id").asText() + "?stream=true").text();
    assertThat(types(events(told)))
        .containsExactly("response.created", "response.queued", "response.incomplete");
  }

  @Test
  void startingAgainIsTheSameRun() {
    String body = body("again", "What is a cell?", "\"background\":true");
    JsonNode first = client.post("/responses", body, "Idempotency-Key", "k-1").json();
    JsonNode second = client.post("/responses", body, "Idempotency-Key", "k-1").json();
    assertThat(second.path("id")).isEqualTo(first.path("id"));
    ProtocolClient.Answer other =
        client.post("/responses", body("again", "What else?"), "Idempotency-Key", "k-1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().at("/error/message").asText()).isNotBlank();
  }

  @Test
  void aConversationGoesOnFromAResponseAndCanBeRead() {
    String made = client.post("/conversations", "{}").json().path("id").asText();
    assertThat(client.get("/conversations/" + made).json().path("object").asText())
        .isEqualTo("conversation");
    assertThat(client.get("/conversations/" + made + "/items").json().path("data")).isEmpty();
    JsonNode first = create(made, "What is a cell?");
    ProtocolClient.Answer second =
        client.post(
            "/responses",
            """
            {"previous_response_id":"%s","input":[{"role":"user","content":"Old"},
             {"role":"user","content":[{"type":"input_text","text":"What is a root?"}]}]}
            """
                .formatted(first.path("id").asText()));
    assertThat(second.json().at("/conversation/id").asText()).isEqualTo(made);
    List<String> ids =
        client
            .get("/conversations/" + made + "/items?order=asc")
            .json()
            .path("data")
            .findValuesAsText("id");
    String one = runId(first);
    String two = runId(second.json());
    assertThat(ids)
        .containsExactly(
            "m-" + one + "-q",
            "mcp_" + one + ".retrieval.1",
            "m-" + one + "-a",
            "m-" + two + "-q",
            "mcp_" + two + ".retrieval.1",
            "m-" + two + "-a");
    List<String> paged = new ArrayList<>();
    String after = "";
    JsonNode page;
    do {
      page = client.get("/conversations/" + made + "/items?limit=2" + after).json();
      paged.addAll(page.path("data").findValuesAsText("id"));
      after = "&after=" + page.path("last_id").asText();
    } while (page.path("has_more").asBoolean());
    assertThat(paged.reversed()).isEqualTo(ids);
    assertThat(
            client
                .get("/responses/" + second.json().path("id").asText() + "/input_items")
                .json()
                .at("/data/0/content/0/text")
                .asText())
        .isEqualTo("What is a root?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 400 | missing_required_parameter | input",
        "{\"input\":\" \"} | 400 | invalid_value | input",
        "{\"input\":[]} | 400 | invalid_value | input",
        "{\"input\":7} | 400 | invalid_value | input",
        "{\"input\":\"x\",\"conversation\":\"../x\"} | 400 | invalid_value | conversation",
        "{\"input\":\"x\",\"conversation\":\"s\",\"previous_response_id\":\"s~r\"} | 400 | mutually_exclusive_parameters | previous_response_id",
        "{\"input\":\"x\",\"previous_response_id\":\"s~r\"} | 404 | previous_response_not_found | previous_response_id",
        "{\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]} | 400 | unsupported_parameter | tools",
        "{\"input\":\"x\",\"instructions\":\"Be kind\"} | 400 | unsupported_parameter | instructions",
        "{\"input\":\"x\",\"prompt\":{\"id\":\"p\"}} | 400 | unsupported_parameter | prompt",
        "{\"input\":\"x\",\"metadata\":{\"on_busy\":\"perhaps\"}} | 400 | invalid_value | metadata.on_busy",
        "{\"input\":\"x\",\"stream\":\"yes\"} | 400 | invalid_value | stream",
        "{\"input\":\"x\",\"model\":\"other\"} | 404 | model_not_found | model",
      })
  void aRefusalNamesWhatIsWrong(String body, int status, String code, String param) {
    ProtocolClient.Answer answer = client.post("/responses", body);
    assertThat(answer.status()).isEqualTo(status);
    JsonNode error = answer.json().path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("param").asText()).isEqualTo(param);
    assertThat(error.path("message").asText()).isNotBlank();
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/responses/s~none,404",
    "GET,/responses/nothing,404",
    "GET,/responses/a%2Fb~r,404",
    "GET,/conversations/none,404",
    "GET,/models/gpt,404",
    "DELETE,/responses/s~none,404",
    "POST,/chat/completions,404",
    "PUT,/responses/s~none,405",
    "GET,/responses,405",
  })
  void whatIsNotThereIsRefusedInTheProtocolsWords(String method, String path, int status) {
    ProtocolClient.Answer answer = client.send(method, path, null);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void modelsAreListed() {
    assertThat(client.get("/models").json().at("/data/0/id").asText()).isEqualTo("agent-rooms");
    assertThat(client.get("/models/agent-rooms").json().path("object").asText()).isEqualTo("model");
  }
}
