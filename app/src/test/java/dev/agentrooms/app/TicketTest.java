package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.mcp.McpStub;
import dev.agentrooms.tools.model.ModelStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The agent of `examples/ticket.conf`: tools, a model, an MCP server and a person in one workflow.
@Tag("wire")
@Timeout(300)
class TicketTest {

  private static final Path EXAMPLE = Path.of("../examples/ticket.conf");

  @TempDir private Path folder;
  private Desk desk;
  private McpStub crm;
  private ModelStub model;
  private Stack stack;
  private volatile String kind = "money";

  @BeforeEach
  void start() throws IOException {
    desk = Desk.start();
    crm = new McpStub(true);
    crm.tools =
        """
        [{"name":"find_contact","inputSchema":{"type":"object","required":["email"],
          "properties":{"email":{"type":"string"}}}},
         {"name":"delete_contact","inputSchema":{"type":"object"}}]
        """;
    model = new ModelStub(this::answer);
    Path file = folder.resolve("ticket.conf");
    Files.writeString(
        file,
        Files.readString(EXAMPLE)
            .replace("http://127.0.0.1:9200", desk.url())
            .replace("http://127.0.0.1:9201/mcp", crm.uri().toString()));
    stack =
        Stack.start(
            "agent.workflows.file", file.toString(),
            "agent.model.url", model.uri().toString(),
            "agent.model.name", "test-model");
  }

  @AfterEach
  void stop() throws IOException {
    stack.close();
    model.close();
    crm.close();
    desk.close();
  }

  private void answer(ModelStub.Exchange e) throws Exception {
    if (e.isStream()) {
      ModelStub.says("Dear Ann, ", "a new lamp ", "is on its way.").answer(e);
    } else {
      e.text("{\"kind\":\"" + kind + "\",\"urgent\":true}");
    }
  }

  private String run(String session) {
    return stack.run(
        session, "Answer ticket 4711", "\"workflow\":\"ticket\"", "\"input\":{\"ticket\":4711}");
  }

  private JsonNode waiting(String session, String run) {
    return Stack.await(
            () ->
                stack.get(stack.agent() + "/api/agent/sessions/" + session + "/runs/" + run).json(),
            found -> found.path("status").asText().equals("waiting"))
        .path("waiting_for");
  }

  private void say(String session, String run, JsonNode asked, String more) {
    assertThat(
            stack
                .post(
                    stack.webUi() + "/api/agent/answer",
                    "{\"session_id\":\"%s\",\"run_id\":\"%s\",\"input_id\":%s,%s}"
                        .formatted(session, run, asked.path("input_id"), more))
                .status())
        .isEqualTo(202);
  }

  private static JsonNode event(List<JsonNode> events, String step) {
    return events.stream()
        .filter(event -> event.path("step").asText().equals(step))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTicketIsReadSortedAnsweredReviewedAndSentAsItWasAgreedTo() throws Exception {
    try (Watcher watcher = Watcher.of(stack, "s1")) {
      String run = run("s1");
      JsonNode asked = waiting("s1", run);
      assertThat(asked.path("value").asText()).isEqualTo("Dear Ann, a new lamp is on its way.");
      assertThat(desk.replies).isEmpty();
      String edited = "Dear Ann,\n\"sorry\" – a new lamp is on its way. {{steps.fetch.text}}";
      say(
          "s1",
          run,
          asked,
          "\"decision\":\"approve\",\"value\":" + Json.mapper().writeValueAsString(edited));
      List<JsonNode> events = watcher.untilEnded(1);

      assertThat(Stack.steps(events))
          .containsExactly(
              "intent_determined",
              "start_fetch",
              "fetch_done",
              "start_sort",
              "sort_done",
              "start_customer",
              "customer_done",
              "start_draft",
              "draft_done",
              "start_review",
              "input_required",
              "input_received",
              "review_done",
              "start_send",
              "send_done",
              "final_answer");
      assertThat(event(events, "customer_done").at("/meta/output/name").asText())
          .isEqualTo("Contact of ann@example.org");
      assertThat(
              watcher.received().stream()
                  .filter(told -> Watcher.type(told).equals("delta"))
                  .map(told -> told.path("text").asText())
                  .reduce("", String::concat))
          .isEqualTo(event(events, "draft_done").at("/meta/text").asText())
          .isEqualTo("Dear Ann, a new lamp is on its way.");
      assertThat(desk.replies)
          .containsExactly(
              new Desk.Reply(
                  Json.mapper().writeValueAsString(Json.object().put("text", edited)),
                  run + ".send.1"));
      JsonNode end = events.getLast().path("meta");
      assertThat(end.at("/result/reply").asText()).isEqualTo(edited);
      assertThat(end.at("/result/kind").asText()).isEqualTo("money");
      assertThat(end.at("/result/urgent").isBoolean()).isTrue();
      assertThat(end.at("/usage/output_tokens").asInt()).isEqualTo(2 + 3);
      assertThat(model.request(2).at("/messages/1/content").asText())
          .containsPattern("<data-[0-9a-f]+ name=\"steps.fetch.text\">\nThe lamp is broken.\n</")
          .contains("Contact of ann@example.org");
    }
  }

  @Test
  void whatIsNotNeededOrNotThereIsDoneWithout() {
    kind = "fault";
    String run = run("s1");
    JsonNode asked = waiting("s1", run);
    say("s1", run, asked, "\"decision\":\"reject\"");
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events))
        .contains("customer_skipped")
        .doesNotContain("start_customer", "start_send");
    assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo("rejected");

    kind = "money";
    crm.close();
    String other = run("s2");
    waiting("s2", other);
    List<JsonNode> without = stack.messages("s2");
    assertThat(event(without, "tool_error").path("level").asText()).isEqualTo("warning");
    assertThat(event(without, "customer_done").at("/meta/skipped_error").asBoolean()).isTrue();
    assertThat(event(without, "customer_done").at("/meta/output").isMissingNode()).isTrue();
    assertThat(desk.replies).isEmpty();
  }

  @Test
  void anInputThatDoesNotFitIsRefusedByField() {
    for (String input : List.of("{}", "{\"ticket\":\"x\"}", "{\"ticket\":0}")) {
      Stack.Answer refused =
          stack.post(
              stack.agent() + "/api/agent/run",
              Stack.question("s1", "Answer it", "\"workflow\":\"ticket\"", "\"input\":" + input));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().path("field").asText()).isEqualTo("input.ticket");
    }
    Stack.Answer unknown =
        stack.post(
            stack.agent() + "/api/agent/run",
            Stack.question("s1", "Answer it", "\"workflow\":\"tickets\""));
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().path("field").asText()).isEqualTo("workflow");
  }

  @Test
  void theListOfWorkflowsSaysWhatEachIsMadeOf() {
    JsonNode list = stack.get(stack.agent() + "/api/agent/workflows").json();
    assertThat(list.path("workflows"))
        .extracting(each -> each.path("name").asText() + " " + each.path("built_in"))
        .containsExactly(
            "create_quiz true", "evaluate true", "answer true", "ticket false", "look_into false");
    JsonNode quiz = list.path("workflows").get(0);
    assertThat(quiz.path("steps").toString())
        .isEqualTo(
            "[{\"name\":\"retrieval\",\"kind\":\"tool\"},{\"name\":\"generate_exam\",\"kind\":\"tool\"}]");
    assertThat(quiz.path("tools").toString()).isEqualTo("[\"rag_search\",\"generate_exam\"]");
    assertThat(quiz.path("input").isNull()).isTrue();
    JsonNode ticket = list.path("workflows").get(3);
    assertThat(ticket.path("description").asText()).startsWith("Answers a ticket");
    assertThat(ticket.path("steps"))
        .extracting(step -> step.path("name").asText() + " " + step.path("kind").asText())
        .containsExactly(
            "fetch tool", "sort model", "customer tool", "draft model", "review ask", "send tool");
    assertThat(ticket.path("tools").toString())
        .isEqualTo("[\"read_ticket\",\"crm.find_contact\",\"send_reply\"]");
    assertThat(ticket.at("/input/properties/ticket/minimum").asInt()).isEqualTo(1);
    assertThat(list.path("workflows").get(4).path("tools").toString())
        .isEqualTo("[\"read_ticket\",\"crm.*\",\"send_reply\"]");
  }
}
