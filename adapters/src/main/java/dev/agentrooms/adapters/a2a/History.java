package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has been said about a task: its question, and what people were asked meanwhile and said.
final class History {

  private History() {}

  /// @param events what the run has told, oldest first
  /// @param length how many of the last messages to show; null for all
  static List<ObjectNode> of(
      TaskId id, JsonNode run, List<? extends JsonNode> events, @Nullable Integer length) {
    List<ObjectNode> all = new ArrayList<>();
    all.add(byUser(id, "m-" + id.runId() + "-q", run.path("question").asText()));
    for (JsonNode event : events) {
      String name = event.path("event_id").asText();
      switch (event.path("step").asText()) {
        case StepWords.INPUT_REQUIRED ->
            all.add(Tasks.message(id, name, event.path("meta").path("prompt").asText()));
        case StepWords.INPUT_RECEIVED -> all.add(byUser(id, name, said(event)));
        default -> {
          // It is a step, which nobody said.
        }
      }
    }
    return length == null || length >= all.size()
        ? all
        : all.subList(all.size() - length, all.size());
  }

  private static ObjectNode byUser(TaskId id, String messageId, String text) {
    return Tasks.message(id, messageId, text).put("role", "ROLE_USER");
  }

  // A value if there is one, else the decision.
  private static String said(JsonNode event) {
    JsonNode value = event.path("meta").path("value");
    if (value.isTextual()) {
      return value.textValue();
    }
    return value.isMissingNode() || value.isNull()
        ? event.path("meta").path("decision").asText(event.path("message").asText())
        : new String(Json.encode(value), StandardCharsets.UTF_8);
  }
}
