package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values of one run that templates and conditions can use.
///
/// @param input the run's input; null when the caller gave none
/// @param steps output of each ended step by its name; JSON's null when it was skipped
public record Scope(
    String sessionId,
    String runId,
    String question,
    @Nullable JsonNode input,
    Map<String, JsonNode> steps) {

  public Scope {
    steps = Map.copyOf(steps);
  }

  /// For a run with neither input nor steps.
  public static Scope of(String sessionId, String runId, String question) {
    return new Scope(sessionId, runId, question, null, Map.of());
  }

  /// The values by their names in templates.
  ObjectNode values() {
    ObjectNode values =
        Json.object().put("question", question).put("session_id", sessionId).put("run_id", runId);
    if (input != null) {
      values.set("input", input);
    }
    values.putObject("steps").setAll(steps);
    return values;
  }

  /// This scope with the arguments of a call.
  ObjectNode values(JsonNode arguments) {
    return values().set("arguments", arguments);
  }
}
