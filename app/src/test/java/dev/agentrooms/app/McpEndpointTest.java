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

/// The agent as tools of an MCP host.
@Tag("wire")
class McpEndpointTest {

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
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}"
        .formatted(method, params);
  }

  private static String tool(String name, String arguments) {
    return request("tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(name, arguments));
  }

  private static JsonNode result(String body) {
    ProtocolClient.Answer answer = client.post("/mcp", body);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("result");
  }

  private static String status(JsonNode result) {
    return result.path("structuredContent").path("status").asText();
  }

  @Test
  void aHostIsToldOfTheTools() {
    JsonNode hello = result(request("initialize", "{\"protocolVersion\":\"2025-06-18\"}"));
    assertThat(hello.path("protocolVersion").asText()).isEqualTo("2025-06-18");
    assertThat(hello.path("capabilities").has("tools")).isTrue();
    assertThat(result(request("tools/list", "{}")).path("tools").findValuesAsText("name"))
        .contains("ask", "get_run", "answer", "cancel");
    String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    assertThat(client.post("/mcp", notification).status()).isEqualTo(202);
  }

  @Test
  void askingStreamsTheStepsAndEndsWithTheAnswer() {
    String ask =
        request(
            "tools/call",
            "{\"name\":\"ask\",\"arguments\":{\"session_id\":\"m1\",\"question\":\"What?\"},"
                + "\"_meta\":{\"progressToken\":3}}");
    List<JsonNode> events =
        client.post("/mcp", ask, "Accept", "application/json, text/event-stream").events();
    assertThat(events.subList(0, events.size() - 1))
        .extracting(event -> event.path("params").path("progress").asInt())
        .containsExactly(1, 2, 3, 4);
    assertThat(events.getLast().path("id").asInt()).isEqualTo(7);
    JsonNode result = events.getLast().path("result");
    assertThat(status(result)).isEqualTo("succeeded");
    assertThat(result.path("content").get(0).path("text").asText()).isEqualTo("a");
    assertThat(result(tool("get_run", "{\"session_id\":\"m1\"}")).path("structuredContent"))
        .isEqualTo(result.path("structuredContent"));
  }

  @Test
  void aLongRunIsLookedUpAndCancelled() {
    JsonNode asked =
        result(tool("ask", "{\"session_id\":\"m2\",\"question\":\"stuck\",\"wait_seconds\":0}"));
    String run = asked.path("structuredContent").path("run_id").asText();
    Stack.await(() -> tool.of(run).begun.get(), begun -> begun == 1);
    assertThat(status(result(tool("get_run", "{\"session_id\":\"m2\"}")))).isEqualTo("running");
    JsonNode busy = result(tool("ask", "{\"session_id\":\"m2\",\"question\":\"Next?\"}"));
    assertThat(busy.path("isError").asBoolean()).isTrue();
    assertThat(status(result(tool("cancel", "{\"session_id\":\"m2\"}")))).isEqualTo("cancelled");
    Stack.await(() -> tool.of(run).hungUp.get(), hungUp -> hungUp == 1);
  }

  @Test
  void aPersonsAnswerIsPassedOn() {
    JsonNode asked =
        result(
            tool("ask", "{\"session_id\":\"m3\",\"question\":\"Hello?\",\"workflow\":\"asks\"}"));
    assertThat(status(asked)).isEqualTo("waiting");
    String run = asked.path("structuredContent").path("run_id").asText();
    JsonNode done =
        result(
            tool(
                "answer",
                "{\"session_id\":\"m3\",\"run_id\":\"%s\",\"decision\":\"approve\",\"value\":\"Hi\"}"
                    .formatted(run)));
    assertThat(status(done)).isEqualTo("succeeded");
    assertThat(done.path("structuredContent").findValue("reply").asText()).isEqualTo("Hi");
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(result(tool("ask", "{}")).path("isError").asBoolean()).isTrue();
    assertThat(result(tool("get_run", "{\"session_id\":\"none\"}")).path("isError").asBoolean())
        .isTrue();
    assertThat(client.post("/mcp", tool("none", "{}")).json().path("error").path("code").asInt())
        .isEqualTo(-32602);
    assertThat(client.post("/mcp", request("none", "{}")).json().path("error").path("code").asInt())
        .isEqualTo(-32601);
    assertThat(client.post("/mcp", "{").status()).isEqualTo(400);
    assertThat(client.get("/mcp").status()).isEqualTo(405);
    assertThat(
            client
                .post("/mcp", request("ping", "{}"), "MCP-Protocol-Version", "1999-01-01")
                .status())
        .isEqualTo(400);
    assertThat(client.post("/mcp", request("ping", "{}"), "Origin", "http://evil.example").status())
        .isEqualTo(403);
  }

  @Test
  void aSessionIsOpenedByItsTokenOnly() {
    String secret = "rooms-are-opened-by-this-very-secret";
    try (Stack closed = Stack.start(tool.settings("webui.room-token-secret", secret));
        ProtocolClient stranger = new ProtocolClient(closed.webUi())) {
      String mine =
          Tokens.of(secret, InstantSource.system())
              .link("t1", Scope.USE, null, Instant.now().plusSeconds(60));
      String[] token = {"Authorization", "Bearer " + mine};
      String ask = tool("ask", "{\"session_id\":\"%s\",\"question\":\"What?\"}");
      assertThat(stranger.post("/mcp", request("tools/list", "{}")).status()).isEqualTo(200);
      assertThat(stranger.post("/mcp", ask.formatted("t1")).status()).isEqualTo(401);
      assertThat(stranger.post("/mcp", ask.formatted("t2"), token).status()).isEqualTo(403);
      assertThat(stranger.post("/mcp", tool("ask", "{\"question\":\"x\"}"), token).status())
          .isEqualTo(403);
      assertThat(status(stranger.post("/mcp", ask.formatted("t1"), token).json().path("result")))
          .isEqualTo("succeeded");
    }
  }
}
