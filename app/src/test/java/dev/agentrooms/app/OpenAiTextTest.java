package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.model.ModelStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Responses of runs in which a model writes and a person is asked.
@Tag("wire")
@Timeout(300)
class OpenAiTextTest {

  private static final String WORKFLOWS =
      """
      workflows {
        letter {
          match = ["(?i)letter"]
          steps = [{ name = draft, model { prompt = "{{question}}", stream = true } }]
          result { text = "{{steps.draft.text}}" }
        }
        review {
          match = ["(?i)review"]
          steps = [{ name = look, ask { prompt = "Is it good?", value = "Draft" } }]
          result { text = "{{steps.look.value}}" }
        }
      }
      """;

  @TempDir private Path folder;

  private Stack start(ModelStub model) throws IOException {
    Path file = Files.writeString(folder.resolve("workflows.conf"), WORKFLOWS);
    return Stack.start(
        "agent.workflows.file", file.toString(),
        "agent.model.url", model.uri().toString(),
        "agent.model.name", "test-model");
  }

  private static List<JsonNode> events(String stream) {
    return ProtocolClient.data(stream).stream()
        .filter(data -> !data.equals("[DONE]"))
        .map(data -> Json.parse(data.getBytes(UTF_8)))
        .toList();
  }

  private static List<JsonNode> deltas(String stream) {
    return events(stream).stream()
        .filter(event -> event.path("type").asText().equals("response.output_text.delta"))
        .toList();
  }

  @Test
  void textIsSeenWhileItIsWrittenAndAReplayHasTheSamePieces() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ModelStub.Script script =
        e -> {
          e.begin();
          e.token("Dear Ann, ");
          seen.await();
          e.token("\u00e9\uD83D\uDE42 ");
          e.token("bye.");
          e.finish("stop");
          e.done();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        ProtocolClient client = new ProtocolClient(stack.webUi() + "/v1");
        ProtocolClient.Stream stream =
            client.open(
                "POST",
                "/responses",
                "{\"conversation\":\"s1\",\"input\":\"Write a letter\",\"stream\":true}")) {
      assertThat(deltas(stream.untilLine("response.output_text.delta\",") + "\n\n")).isNotEmpty();
      seen.countDown();
      String live = stream.whole();
      List<JsonNode> events = events(live);
      String text = "Dear Ann, \u00e9\uD83D\uDE42 bye.";
      assertThat(
              deltas(live).stream()
                  .map(event -> event.path("delta").asText())
                  .collect(Collectors.joining()))
          .isEqualTo(text);
      assertThat(deltas(live)).hasSizeGreaterThan(1);
      assertThat(events.getLast().at("/response/output_text").asText()).isEqualTo(text);
      String id = events.getFirst().at("/response/id").asText();
      assertThat(client.get("/responses/" + id + "?stream=true").text()).isEqualTo(live);
      assertThat(client.get("/responses/" + id).json().toString())
          .isEqualTo(events.getLast().path("response").toString());
    }
  }

  @Test
  void anApprovalIsAnsweredOnceAndTheResponseGoesOn() throws Exception {
    try (ModelStub model = new ModelStub(ModelStub.says("x"));
        Stack stack = start(model);
        ProtocolClient client = new ProtocolClient(stack.webUi() + "/v1")) {
      JsonNode asked =
          client.post("/responses", "{\"conversation\":\"s1\",\"input\":\"Review it\"}").json();
      assertThat(asked.path("status").asText()).isEqualTo("in_progress");
      JsonNode request = asked.path("output").get(asked.path("output").size() - 1);
      assertThat(request.path("type").asText()).isEqualTo("mcp_approval_request");
      assertThat(request.path("arguments").asText()).contains("Is it good?");
      String answer =
          """
          {"previous_response_id":"%s","input":[
            {"type":"mcp_approval_response","approval_request_id":"%s","approve":true}]}"""
              .formatted(asked.path("id").asText(), request.path("id").asText());
      JsonNode answered = client.post("/responses", answer).json();
      assertThat(answered.path("id")).isEqualTo(asked.path("id"));
      assertThat(answered.path("status").asText()).isEqualTo("completed");
      assertThat(client.post("/responses", answer).json().toString())
          .isEqualTo(answered.toString());
      ProtocolClient.Answer other = client.post("/responses", answer.replace("true", "false"));
      assertThat(other.status()).isEqualTo(409);
    }
  }
}
