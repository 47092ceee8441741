package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run as a task.
final class Tasks {

  private Tasks() {}

  /// @param run as the native API shows it
  /// @param answer the answer's text; null when there is none
  /// @param cursor where an observer may go on; null when it is not asked for
  /// @param events what the run has told
  /// @param historyLength how many messages to show; null for all
  static ObjectNode task(
      TaskId id,
      JsonNode run,
      @Nullable String answer,
      @Nullable String cursor,
      List<? extends JsonNode> events,
      @Nullable Integer historyLength) {
    ObjectNode task = Json.object().put("id", id.toString()).put("contextId", id.sessionId());
    String state = state(run.path("status").asText());
    ObjectNode status = task.putObject("status").put("state", state);
    status.set("message", message(id, "m-" + id.runId() + "-s", says(run, answer)));
    status.put("timestamp", time(run));
    if (run.hasNonNull("result")) {
      task.putArray("artifacts").add(artifact(id, answer, run.get("result")));
    }
    List<ObjectNode> history = History.of(id, run, events, historyLength);
    if (!history.isEmpty()) {
      task.putArray("history").addAll(history);
    }
    ObjectNode ours = task.putObject("metadata").putObject("agentRooms");
    ours.put("runId", id.runId());
    if (cursor != null) {
      ours.put("cursor", cursor);
    }
    return task;
  }

  /// The task as it was before anything happened.
  static ObjectNode submitted(TaskId id, JsonNode run, String cursor) {
    ObjectNode then =
        Json.object()
            .put("status", "queued")
            .put("question", run.path("question").asText())
            .put("created_at", run.path("created_at").asText());
    return task(id, then, null, cursor, List.of(), null);
  }

  static ObjectNode message(TaskId id, String messageId, String says) {
    ObjectNode message =
        Json.object()
            .put("messageId", messageId)
            .put("contextId", id.sessionId())
            .put("taskId", id.toString())
            .put("role", "ROLE_AGENT");
    text(message.putArray("parts"), says);
    return message;
  }

  static ObjectNode artifact(TaskId id, @Nullable String answer, JsonNode result) {
    ObjectNode artifact =
        Json.object().put("artifactId", "m-" + id.runId() + "-a").put("name", "result");
    ArrayNode parts = artifact.putArray("parts");
    if (answer != null && !answer.isEmpty()) {
      text(parts, answer);
    }
    parts.addObject().put("mediaType", "application/json").set("data", result);
    return artifact;
  }

  static void text(ArrayNode parts, String text) {
    parts.addObject().put("text", text).put("mediaType", "text/plain");
  }

  static String state(String status) {
    return switch (status) {
      case "queued" -> "TASK_STATE_SUBMITTED";
      case "waiting" -> "TASK_STATE_INPUT_REQUIRED";
      case "succeeded" -> "TASK_STATE_COMPLETED";
      case "failed" -> "TASK_STATE_FAILED";
      case "cancelled" -> "TASK_STATE_CANCELED";
      default -> "TASK_STATE_WORKING";
    };
  }

  static boolean hasEnded(JsonNode run) {
    return switch (run.path("status").asText()) {
      case "succeeded", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  static String time(JsonNode run) {
    for (String name : new String[] {"finished_at", "started_at", "created_at"}) {
      if (run.path(name).isTextual()) {
        return run.path(name).textValue();
      }
    }
    return "";
  }

  private static String says(JsonNode run, @Nullable String answer) {
    return switch (run.path("status").asText()) {
      case "queued" -> "Waiting for its turn";
      case "waiting" -> run.path("waiting_for").path("prompt").asText("A person is asked");
      case "succeeded" -> answer == null || answer.isEmpty() ? "Done" : answer;
      case "failed" -> run.path("error").asText("Failed");
      case "cancelled" -> "Cancelled";
      default -> "Working";
    };
  }
}
