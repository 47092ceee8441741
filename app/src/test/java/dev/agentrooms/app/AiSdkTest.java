package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Chats of the AI SDK over a real server, as its transport uses it.
@Tag("wire")
@Timeout(300)
class AiSdkTest {

  private static final String WORKFLOWS =
      """
      workflows {
        review {
          match = ["(?i)review"]
          steps = [{ name = look, ask { prompt = "Is it good?", value = "Draft" } }]
          result { text = "{{steps.look.value}}" }
        }
      }
      """;

  @TempDir private static Path folder;
  private static TestTool tool;
  private static Stack stack;
  private static ProtocolClient client;

  @BeforeAll
  static void start() throws IOException {
    Path workflows = Files.writeString(folder.resolve("workflows.conf"), WORKFLOWS);
    tool = TestTool.within(20, "stuck");
    stack = Stack.start(tool.settings("agent.workflows.file", workflows.toString()));
    client = new ProtocolClient(stack.webUi() + "/ai/chat");
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static String body(String chat, String messageId, String text, String... more) {
    String rest = more.length == 0 ? "" : "," + String.join(",", more);
    return """
    {"id":"%s","trigger":"submit-message","messages":[{"id":"%s","role":"user",\
    "parts":[{"type":"text","text":"%s"}]}]%s}"""
        .formatted(chat, messageId, text, rest);
  }

  private static List<JsonNode> chunks(String stream) {
    return ProtocolClient.data(stream).stream()
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> Json.parse(data.getBytes(UTF_8)))
        .toList();
  }

  private static List<String> types(String stream) {
    return chunks(stream).stream().map(chunk -> chunk.path("type").asText()).toList();
  }

  private static String runId(String stream) {
    return chunks(stream).getFirst().at("/messageMetadata/run_id").asText();
  }

  @Test
  void aMessageIsARunAndSentAgainTheSameRun() {
    ProtocolClient.Answer answer = client.post("", body("once", "u1", "What is a cell?"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-vercel-ai-ui-message-stream")).isEqualTo("v1");
    assertThat(types(answer.text()))
        .containsExactly(
            "start",
            "start-step",
            "data-progress",
            "data-progress",
            "tool-input-available",
            "data-progress",
            "tool-output-available",
            "data-progress",
            "text-start",
            "text-delta",
            "text-end",
            "finish-step",
            "finish");
    assertThat(ProtocolClient.data(answer.text()).getLast()).isEqualTo("[DONE]");
    assertThat(client.post("", body("once", "u1", "What is a cell?")).text())
        .isEqualTo(answer.text());
    assertThat(client.post("", body("once", "u1", "What else?")).status()).isEqualTo(422);
    String anew =
        client
            .post(
                "",
                body("once", "u1", "What is a cell?")
                    .replace("submit-message", "regenerate-message"))
            .text();
    assertThat(runId(anew)).isNotEqualTo(runId(answer.text()));
  }

  @Test
  void anotherPageSeesTheRunFromItsFirstChunkAndACancelEndsBoth() {
    assertThat(client.get("/both/stream").status()).isEqualTo(204);
    try (ProtocolClient.Stream one =
        client.open("POST", "", body("both", "u1", "What is stuck?"))) {
      String before = one.untilLine("tool-input-available");
      TestTool.Calls calls = tool.of(runId(before));
      Stack.await(calls.begun::get, begun -> begun == 1);
      try (ProtocolClient.Stream two = client.open("GET", "/both/stream", null)) {
        assertThat(chunks(two.untilLine("tool-input-available"))).isEqualTo(chunks(before));
        ProtocolClient.Answer busy = client.post("", body("both", "u2", "And now?"));
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.json().path("message").asText()).isNotBlank();

        stack.post(stack.webUi() + "/api/agent/cancel?wait=10", "{\"session_id\":\"both\"}");
        Stack.await(calls.hungUp::get, hungUp -> hungUp == 1);
        String whole = one.whole();
        assertThat(types(whole)).endsWith("tool-output-error", "finish-step", "abort");
        assertThat(chunks(two.whole())).isEqualTo(chunks(whole));
      }
    }
    assertThat(client.get("/both/stream").status()).isEqualTo(204);
  }

  @Test
  void aBusyChatInterruptsIfToldTo() {
    try (ProtocolClient.Stream first =
        client.open("POST", "", body("busy", "u1", "What is stuck?"))) {
      first.untilLine("tool-input-available");
      String second =
          client.post("", body("busy", "u2", "Instead?", "\"on_busy\":\"interrupt\"")).text();
      assertThat(types(second)).endsWith("finish-step", "finish");
      assertThat(types(first.whole())).endsWith("abort");
    }
  }

  @Test
  void aStreamEndsWhereItsRunWaitsAndGoesOnBehindTheAnswer() {
    String asked = client.post("", body("ask", "u1", "Review it")).text();
    assertThat(types(asked)).endsWith("tool-approval-request", "finish-step", "finish");
    JsonNode request =
        chunks(asked).stream()
            .filter(chunk -> chunk.path("type").asText().equals("tool-approval-request"))
            .findFirst()
            .orElseThrow();
    String answered =
        client
            .post(
                "",
                """
                {"id":"ask","messages":[
                  {"id":"u1","role":"user","parts":[{"type":"text","text":"Review it"}]},
                  {"id":"m","role":"assistant","parts":[{"type":"dynamic-tool","state":"approval-responded",
                   "approval":{"id":"%s","approved":true}}]}]}"""
                    .formatted(request.path("approvalId").asText()))
            .text();
    assertThat(runId(answered)).isEqualTo(runId(asked));
    assertThat(types(answered))
        .startsWith("start", "data-progress", "tool-approval-response")
        .endsWith("finish-step", "finish");
    assertThat(chunks(answered).getLast().path("finishReason").asText()).isEqualTo("stop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 400 | id",
        "{\"id\":\"../x\",\"messages\":[]} | 400 | id",
        "{\"id\":\"x\"} | 400 | messages",
        "{\"id\":\"x\",\"messages\":[{\"role\":\"system\",\"parts\":[]}]} | 400 | messages",
        "{\"id\":\"x\",\"trigger\":\"other\",\"messages\":[{\"role\":\"user\"}]} | 400 | trigger",
        "{\"id\":\"x\",\"on_busy\":\"maybe\",\"messages\":[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}]} | 400 | on_busy",
        "{\"id\":\"x\",\"messages\":[{\"id\":\"\\n\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}]} | 400 | messages",
      })
  void aRefusalNamesWhatIsWrong(String body, int status, String field) {
    ProtocolClient.Answer answer = client.post("", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.json().path("field").asText()).isEqualTo(field);
    assertThat(answer.json().path("message").asText()).isNotBlank();
  }

  @Test
  void otherPathsAndMethodsAreRefused() {
    assertThat(client.get("/x/other").status()).isEqualTo(404);
    assertThat(client.get("").status()).isEqualTo(405);
    assertThat(client.send("DELETE", "/x/stream", null).status()).isEqualTo(405);
  }
}
