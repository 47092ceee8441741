package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent of `examples/shop.conf`, which is of another trade than the built-in one, and of which
/// no line is Java.
@Tag("wire")
class ExampleTest {

  private static final Path EXAMPLE = Path.of("../examples/shop.conf");

  @TempDir private static Path folder;
  private static Stack stack;

  @BeforeAll
  static void start() throws IOException {
    Map<String, Object> ports = Stack.ports();
    Path file = folder.resolve("shop.conf");
    Files.writeString(
        file, Files.readString(EXAMPLE).replace(":8350", ":" + ports.get("mocks.http.port")));
    Map<String, Object> settings = new java.util.HashMap<>(ports);
    settings.put("agent.workflows.file", file.toString());
    stack = Stack.start(java.util.EnumSet.allOf(Role.class), settings);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aRunShowsTheStepsThatWereDeclaredByTheirTitles() {
    stack.run("shop", "Where is order #4711?");

    List<JsonNode> events = stack.untilEnded("shop", 1);
    assertThat(Stack.steps(events))
        .containsExactly(
            "intent_determined",
            "start_order",
            "order_done",
            "start_parcel",
            "parcel_done",
            "start_tell",
            "tell_done",
            "start_report",
            "report_done",
            "final_answer");
    assertThat(events.getFirst().at("/meta/intent").asText()).isEqualTo("order_status");
    assertThat(events.subList(1, 9))
        .extracting(event -> event.at("/meta/title").asText())
        .containsExactly(
            "Look the order up",
            "Look the order up",
            "Ask the carrier",
            "Ask the carrier",
            "Write to the customer",
            "Write to the customer",
            "Report to the shop",
            "Report to the shop");
    assertThat(events.get(5).at("/meta/arguments/text").asText())
        .isEqualTo(
            "Dear Ann Lee, your order 4711 is shipped. The parcel is in Leipzig, and comes"
                + " tomorrow.");
    JsonNode result = events.getLast().at("/meta/result");
    assertThat(result.path("order").asText()).isEqualTo("4711");
    assertThat(result.path("place").asText()).isEqualTo("Leipzig");
    assertThat(result.path("message").asText()).startsWith("m-");
  }

  @Test
  void anApologyIsSentInTheWordsOfAPerson() {
    stack.run("sorry", "Please apologise for order 4711");
    JsonNode asked =
        stack.messages("sorry", events -> Stack.steps(events).contains("input_required")).getLast();
    assertThat(asked.at("/meta/prompt").asText()).isEqualTo("Send this to Ann Lee?");
    assertThat(
            Typed.of("answer", "sorry", "--value", "Sorry, Ann.", "--url=" + stack.webUi())
                .exitCode())
        .isZero();

    List<JsonNode> events = stack.untilEnded("sorry", 1);
    assertThat(Stack.steps(events))
        .endsWith("review_done", "start_tell", "tell_done", "final_answer");
    assertThat(events.get(events.size() - 3).at("/meta/arguments/text").asText())
        .isEqualTo("Sorry, Ann.");
  }

  @Test
  void aStepThatIsNotNeededIsSkipped() {
    stack.run("packed", "Where is order 1234?");

    List<JsonNode> events = stack.untilEnded("packed", 1);
    assertThat(Stack.steps(events))
        .containsExactly(
            "intent_determined",
            "start_order",
            "order_done",
            "parcel_skipped",
            "start_tell",
            "tell_done",
            "start_report",
            "report_done",
            "final_answer");
    assertThat(events.getLast().at("/meta/result/place").isNull()).isTrue();
    assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aServiceThatIsBusyIsAskedAsOftenAsTheToolSays() {
    stack.run("busy", "Where is order 503?");

    List<JsonNode> events = stack.untilEnded("busy", 1);
    assertThat(Stack.steps(events))
        .startsWith("intent_determined", "start_order", "tool_retry", "tool_retry", "order_done");
    assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aStepThatFailsFailsTheRun() {
    stack.run("none", "Where is order 404?");

    List<JsonNode> events = stack.untilEnded("none", 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_order", "tool_error", "final_answer");
    JsonNode error = events.get(2);
    assertThat(error.path("level").asText()).isEqualTo("error");
    assertThat(error.at("/meta/tool").asText()).isEqualTo("find_order");
    assertThat(error.at("/meta/reason").asText()).isEqualTo("http_status");
    assertThat(error.at("/meta/status").asInt()).isEqualTo(404);
    assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("failed");
  }

  @Test
  void aStepThatMayFailDoesNot() {
    stack.run("desk", "Where is order 1235? [desk:500]");

    List<JsonNode> events = stack.untilEnded("desk", 1);
    assertThat(Stack.steps(events)).endsWith("tool_error", "report_done", "final_answer");
    assertThat(events.get(events.size() - 3).path("level").asText()).isEqualTo("warning");
    assertThat(events.get(events.size() - 2).at("/meta/skipped_error").asBoolean()).isTrue();
    assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aRunIsCancelledInItsMiddle() {
    stack.run("slow", "Where is order 900?");
    stack.messages("slow", events -> Stack.steps(events).contains("start_order"));
    assertThat(
            stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"slow\"}").status())
        .isEqualTo(202);

    List<JsonNode> events = stack.untilEnded("slow", 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_order", "cancelled");
    assertThat(events.getLast().path("meta").has("abandoned_tool")).isFalse();
  }

  @Test
  void otherQuestionsAreStillTheBuiltInAgents() {
    stack.run("other", "What is photosynthesis?");
    assertThat(Stack.steps(stack.untilEnded("other", 1)))
        .containsExactly("intent_determined", "start_retrieval", "retrieval_done", "final_answer");
  }

  @Test
  void aWorkflowMayBeAskedForByName() {
    String asked = Stack.question("named", "4711, please", "\"workflow\":\"order_status\"");
    assertThat(stack.post(stack.agent() + "/api/agent/run", asked).status()).isEqualTo(202);
    assertThat(stack.untilEnded("named", 1).getLast().at("/meta/result/order").asText())
        .isEqualTo("4711");

    String unknown = Stack.question("named", "4711, please", "\"workflow\":\"order_statos\"");
    Stack.Answer refused = stack.post(stack.agent() + "/api/agent/run", unknown);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("field").asText()).isEqualTo("workflow");
  }

  @Test
  void theCommandLineShowsItsStepsAndItsResult() {
    Typed ask =
        Typed.of(
            "ask", "--url=" + stack.webUi(), "-w", "order_status", "4711, please", "-s", "cli");
    assertThat(ask.exitCode()).as(ask.err()).isZero();
    assertThat(ask.out()).contains("start_order: Look the order up", "Leipzig");
  }

  @Test
  void aFileIsCheckedWithoutAServer() throws IOException {
    Typed right = Typed.of("check", EXAMPLE.toString());
    assertThat(right.exitCode()).as(right.err()).isZero();
    assertThat(right.err()).isEmpty();

    Path wrong = folder.resolve("wrong.conf");
    Files.writeString(
        wrong,
        Files.readString(EXAMPLE)
            .replace("tool = track_parcel", "tool = track_parcels")
            .replace("timeout = 5s", "tiemout = 5s"));
    Typed refused = Typed.of("check", wrong.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(wrong + ":").contains("tools.find_order.tiemout"),
            line -> assertThat(line).contains("steps[1].tool: there is no tool"));
  }
}
