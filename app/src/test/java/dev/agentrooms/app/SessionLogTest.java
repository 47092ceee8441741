package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the log tells of sessions and their steps.
@Tag("process")
class SessionLogTest {

  @Test
  void aSessionThatComesOrGoesIsALineAndAStepThatEndsHasItsDuration() {
    try (TestTool tool = TestTool.after(0);
        Stack stack = stack(tool, "agent.runs.max-concurrent", 8);
        CapturedLogs logs = new CapturedLogs()) {
      stack.run("quiz1", "Create a quiz about time");
      stack.untilEnded("quiz1", 1);
      stack.delete(stack.agent() + "/api/agent/sessions/quiz1");

      List<String> lines =
          Stack.await(
              () -> of("quiz1", logs),
              all -> all.stream().anyMatch(line -> line.contains("session deleted")));
      assertThat(lines)
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).startsWith("INFO").contains("session created"),
              line -> assertThat(line).startsWith("INFO").contains(" intent_determined "),
              line -> assertThat(line).startsWith("INFO").contains(" start_retrieval "),
              line -> assertThat(line).startsWith("INFO").matches(".* retrieval_done .*\\d ms\\)"),
              line -> assertThat(line).startsWith("INFO").contains(" start_generate_exam "),
              line -> assertThat(line).startsWith("INFO").matches(".* generate_done .*\\d ms\\)"),
              line -> assertThat(line).startsWith("INFO").matches(".* final_answer .*\\d ms\\)"),
              line -> assertThat(line).startsWith("INFO").contains("session deleted"));
    }
  }

  @Test
  void aStepThatFailsIsAWarning() {
    try (Stack stack =
            Stack.start(
                "agent.tools.rag.url", "http://127.0.0.1:1", "agent.tools.retry-delay", "1ms");
        CapturedLogs logs = new CapturedLogs()) {
      stack.run("broken", "What is time?");
      stack.untilEnded("broken", 1);

      List<String> warnings =
          Stack.await(
              () -> of("broken", logs).stream().filter(line -> line.startsWith("WARN")).toList(),
              lines -> lines.size() >= 3);
      assertThat(warnings)
          .satisfiesExactly(
              line -> assertThat(line).contains(" tool_retry "),
              line -> assertThat(line).matches(".* tool_error .*\\d ms\\)"),
              line -> assertThat(line).matches(".* final_answer .*\\d ms\\)"));
    }
  }

  /// One that is put away is forgotten in another place than one that is not.
  @ParameterizedTest
  @ValueSource(strings = {"1ms", "1h"})
  void aSessionThatIsForgottenIsALine(String sleepAfter) {
    try (TestTool tool = TestTool.after(0);
        CapturedLogs logs = new CapturedLogs();
        Stack stack =
            stack(tool, "agent.session.ttl", "300ms", "agent.session.sleep-after", sleepAfter)) {
      stack.run("old", "What is time?");

      List<String> lines =
          Stack.await(
              () -> of("old", logs),
              all -> all.stream().anyMatch(line -> line.contains("session forgotten")));
      assertThat(lines.stream().filter(line -> line.contains("session "))).hasSize(2);
    }
  }

  @Test
  void aLineOfJsonNamesItsProcess() throws Exception {
    try (TestTool tool = TestTool.after(0);
        Child child = Child.up("AGENT_ROOMS_LOG_FORMAT", "json", "AGENT_RAG_URL", tool.url())) {
      child.stack().run("json", "What is time?");
      child.stack().untilEnded("json", 1);
      assertThat(child.process().interrupted()).isZero();

      List<JsonNode> lines =
          child
              .process()
              .err()
              .lines()
              .filter(line -> line.startsWith("{"))
              .map(line -> Json.parse(line.getBytes(UTF_8)))
              .toList();
      assertThat(lines)
          .allSatisfy(
              line -> {
                assertThat(line.path("service").asText()).isEqualTo("agent-rooms");
                assertThat(line.path("role").asText()).isEqualTo("agent,webui,mocks");
                assertThat(line.path("host").asText()).isNotBlank();
                assertThat(line.path("version").asText()).isEqualTo(Version.text());
                assertThat(line.path("@timestamp").asText()).startsWith("20");
              });
      assertThat(lines.getFirst().path("message").asText())
          .startsWith("Agent Rooms " + Version.text() + " on Java ")
          .contains("agent at http://", "tracing off", "internal token off")
          .contains("store in memory, so that nothing outlives this process");
      assertThat(lines).anyMatch(line -> line.path("duration_ms").isNumber());
    }
  }

  private static Stack stack(TestTool tool, Object... settings) {
    Object[] all = new Object[settings.length + 4];
    System.arraycopy(settings, 0, all, 4, settings.length);
    all[0] = "agent.tools.rag.url";
    all[1] = tool.url();
    all[2] = "agent.tools.test-generator.url";
    all[3] = tool.url();
    return Stack.start(all);
  }

  private static List<String> of(String session, CapturedLogs logs) {
    return logs.lines().stream()
        .filter(l -> l.matches("(?s).*session_id=" + session + "[,}].*"))
        .toList();
  }
}
