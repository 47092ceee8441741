package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The agent's own words, in the code and in the document.
@Tag("unit")
class DocumentedWordsTest {

  private final JsonNode schemas = Json.parse(ApiDocument.OPENAPI.read()).at("/components/schemas");

  @Test
  void stepsAreThoseOfTheWorkflowsAndNoOthers() {
    Set<String> steps =
        new TreeSet<>(
            List.of(
                StepWords.QUEUED,
                StepWords.CANCELLED,
                StepWords.TOOL_RETRY,
                StepWords.TOOL_ERROR,
                StepWords.INPUT_REQUIRED,
                StepWords.INPUT_RECEIVED,
                StepWords.EVENTS_LOST));
    QuizAgent.INTENTS.forEach(intent -> steps.addAll(QuizAgent.steps(intent)));

    assertThat(words("AgentStep")).containsExactlyInAnyOrderElementsOf(steps);
  }

  @Test
  void everyStepHasItsMeta() {
    List<String> told = new ArrayList<>();
    for (JsonNode rule : schemas.at("/AgentProgress/allOf")) {
      told.add(rule.at("/if/properties/step/const").asText());
    }
    assertThat(told).containsExactlyInAnyOrderElementsOf(words("AgentStep"));
  }

  @Test
  void intentsToolsAndReasonsAreTheAgents() {
    assertThat(words("Intent")).containsExactlyInAnyOrderElementsOf(QuizAgent.INTENTS);
    assertThat(words("Tool")).containsExactlyInAnyOrderElementsOf(Given.tools().names());
    assertThat(words("FailureReason"))
        .containsAll(Stream.of(ToolResult.Reason.values()).map(ToolResult.Reason::word).toList());
  }

  private List<String> words(String schema) {
    List<String> words = new ArrayList<>();
    schemas.path(schema).path("enum").forEach(word -> words.add(word.asText()));
    return words;
  }
}
