package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;

/// How a run ended.
///
/// @param status `succeeded`, `failed` or `cancelled`
/// @param result the result; a missing node when there is none
/// @param text the result as readable text; empty when the producer sent none
record Outcome(String status, JsonNode result, String text) {

  private static final JsonNode NOTHING = Json.mapper().missingNode();

  static boolean isTerminal(JsonNode event) {
    String step = event.path("step").asText();
    return step.equals("final_answer") || step.equals("cancelled");
  }

  /// From the run's last event.
  static Outcome ofEvent(JsonNode event) {
    return event.path("step").asText().equals("cancelled")
        ? new Outcome("cancelled", NOTHING, "")
        : new Outcome(
            status(event),
            event.path("meta").path("result"),
            Words.text(event.path("meta").path("text")));
  }

  /// From the run's view.
  static Outcome ofRun(JsonNode run) {
    return new Outcome(
        run.path("status").asText(), run.path("result"), Words.text(run.path("text")));
  }

  // Other producers may only set the level.
  private static String status(JsonNode event) {
    String status = event.path("meta").path("status").asText();
    return switch (status) {
      case "succeeded", "failed" -> status;
      default -> event.path("level").asText().equals("error") ? "failed" : "succeeded";
    };
  }

  /// Whether there is a result or text to show.
  boolean hasResult() {
    return !text.isEmpty() || !result.isMissingNode() && !result.isNull();
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
