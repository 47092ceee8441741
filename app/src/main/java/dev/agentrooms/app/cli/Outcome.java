package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;

/// How a run ended.
///
/// @param status `succeeded`, `failed` or `cancelled`
/// @param result what it brought, missing when it brought nothing
record Outcome(String status, JsonNode result) {

  private static final JsonNode NOTHING = Json.mapper().missingNode();

  static boolean isTerminal(JsonNode event) {
    String step = event.path("step").asText();
    return step.equals("final_answer") || step.equals("cancelled");
  }

  /// What a terminal event says of its run.
  static Outcome ofEvent(JsonNode event) {
    return event.path("step").asText().equals("cancelled")
        ? new Outcome("cancelled", NOTHING)
        : new Outcome(
            event.path("meta").path("status").asText(), event.path("meta").path("result"));
  }

  /// What the run itself says.
  static Outcome ofRun(JsonNode run) {
    return new Outcome(run.path("status").asText(), run.path("result"));
  }

  boolean isFinal() {
    return switch (status) {
      case "succeeded", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  int exitCode() {
    return switch (status) {
      case "succeeded" -> ExitCode.DONE;
      case "cancelled" -> ExitCode.CANCELLED;
      default -> ExitCode.FAILED;
    };
  }
}
