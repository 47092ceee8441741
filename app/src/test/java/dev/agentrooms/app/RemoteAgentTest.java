package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The agents of `examples/remote`: one in Python that speaks lines, and one made with the official
/// types of AG-UI.
@Tag("process")
class RemoteAgentTest {

  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir private static Path folder;
  private static NodePrograms programs;
  private static Stack stack;
  private static boolean hasPython;
  private static boolean hasAgUi;

  @BeforeAll
  static void start() throws Exception {
    int plain = Stack.freePort();
    int agUi = Stack.freePort();
    programs = new NodePrograms(folder);
    hasPython =
        programs.starts(EXAMPLES.resolve("remote"), "python3", "agent.py", String.valueOf(plain));
    hasAgUi =
        programs.install(EXAMPLES.resolve("remote"), "ag-ui.mjs", "package.json")
            && programs.starts(folder, "node", "ag-ui.mjs", String.valueOf(agUi));
    Path file = folder.resolve("remote.conf");
    Files.writeString(
        file,
        Files.readString(EXAMPLES.resolve("remote.conf"))
            .replace(":9100/", ":" + plain + "/")
            .replace(":9101/", ":" + agUi + "/"));
    Map<String, Object> settings = new HashMap<>(Stack.ports());
    settings.put("agent.workflows.file", file.toString());
    stack = Stack.start(EnumSet.of(Role.AGENT, Role.WEBUI), settings);
  }

  @AfterAll
  static void stop() {
    stack.close();
    programs.close();
  }

  @Test
  void anAgentInPythonRunsWithStepsTextAndResult() {
    assumeTrue(hasPython, "python3 is not installed");
    stack.run("plain", "Ask Python why");

    List<JsonNode> events = stack.untilEnded("plain", 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_work", "reading", "work_done", "final_answer");
    assertThat(events.get(2).at("/meta/words").asInt()).isEqualTo(3);
    assertThat(events.get(3).at("/meta/text").asText()).isEqualTo("You asked: Ask Python why");
    JsonNode end = events.getLast().path("meta");
    assertThat(end.at("/result/asked").asText()).isEqualTo("Ask Python why");
    assertThat(end.path("text").asText()).isEqualTo("You asked: Ask Python why");
  }

  @Test
  void anAgentMadeWithTheOfficialTypesRunsWithItsToolCalls() {
    assumeTrue(hasAgUi, "Node or the official packages are not there");
    stack.run("agui", "Ask AG-UI why");

    List<JsonNode> events = stack.untilEnded("agui", 1);
    assertThat(Stack.steps(events))
        .containsExactly(
            "intent_determined",
            "start_work",
            "start_look_up",
            "start_tool_call",
            "tool_call_done",
            "look_up_done",
            "work_done",
            "final_answer");
    JsonNode call = events.get(3);
    assertThat(call.path("tool").asText()).isEqualTo("search");
    assertThat(call.at("/meta/arguments/query").asText()).isEqualTo("Ask AG-UI why");
    assertThat(events.get(4).at("/meta/call_id").asText())
        .isEqualTo(call.at("/meta/call_id").asText());
    assertThat(events.get(4).at("/meta/output/found").asInt()).isEqualTo(3);
    assertThat(events.getLast().at("/meta/result/text").asText())
        .isEqualTo("You asked: Ask AG-UI why");
  }

  @ParameterizedTest
  @CsvSource({
    "Python, approve, Dear Bob",
    "Python, reject,",
    "AG-UI, approve,",
    "AG-UI, reject,",
  })
  void whatAnAgentAsksAPersonIsAnsweredByTheNextRequest(
      String agent, String decision, String value) {
    boolean isPlain = agent.equals("Python");
    assumeTrue(isPlain ? hasPython : hasAgUi, "the agent cannot be started");
    String session = agent + "-" + decision;
    String run = stack.run(session, "Let " + agent + " send it");
    JsonNode asked =
        Stack.await(
                () -> stack.messages(session),
                events -> Stack.steps(events).contains("input_required"))
            .getLast();
    assertThat(asked.at("/meta/prompt").asText()).isEqualTo("Send it?");
    assertThat(asked.at("/meta/step").asText()).isEqualTo("work");

    String given = value == null ? "" : ",\"value\":\"" + value + "\"";
    Stack.Answer accepted =
        stack.post(
            stack.agent() + "/api/agent/answer",
            "{\"session_id\":\"%s\",\"run_id\":\"%s\",\"input_id\":\"%s\",\"decision\":\"%s\"%s}"
                .formatted(session, run, asked.at("/meta/input_id").asText(), decision, given));
    assertThat(accepted.status()).isEqualTo(202);
    List<JsonNode> events = stack.untilEnded(session, 1);
    assertThat(Stack.steps(events)).contains("input_received");
    JsonNode end = events.getLast().path("meta");
    if (isPlain) {
      assertThat(end.path("status").asText()).isEqualTo(value == null ? "failed" : "succeeded");
      assertThat(end.at("/result/sent").asText("")).isEqualTo(value == null ? "" : value);
    } else {
      assertThat(end.path("status").asText()).isEqualTo("succeeded");
      assertThat(events.get(events.size() - 2).at("/meta/output/resumed").asText())
          .isEqualTo(decision.equals("approve") ? "resolved" : "cancelled");
    }
  }

  @Test
  void whatAnAgentFailsWithIsTheRunsReason() {
    assumeTrue(hasAgUi, "Node or the official packages are not there");
    stack.run("fails", "Let AG-UI fail");

    List<JsonNode> events = stack.untilEnded("fails", 1);
    JsonNode error = events.get(events.size() - 2);
    assertThat(error.path("step").asText()).isEqualTo("tool_error");
    assertThat(error.path("message").asText()).isEqualTo("It does not want to");
    assertThat(error.at("/meta/reason").asText()).isEqualTo("remote_failed");
    assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo("remote_failed");
  }
}
