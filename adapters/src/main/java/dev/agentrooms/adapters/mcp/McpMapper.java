package dev.agentrooms.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run as the result of a tool, and its events as progress.
final class McpMapper {

  private static final List<String> SHOWN =
      List.of("question", "intent", "result", "error", "waiting_for");

  private McpMapper() {}

  /// Nothing where the caller has not asked for progress.
  ///
  /// @param token of the caller's request
  static List<ObjectNode> progress(@Nullable JsonNode token, Happening happening) {
    return switch (happening) {
      case Written _ -> List.of();
      case Told told when token == null -> List.of();
      case Told told -> {
        ObjectNode params = Json.object();
        params.set("progressToken", token);
        params.put("progress", told.n()).put("message", told.event().path("message").asText());
        params.set("_meta", Json.object().set("agent-rooms/progress", told.progress()));
        ObjectNode notification =
            Json.object().put("jsonrpc", "2.0").put("method", "notifications/progress");
        yield List.of(notification.set("params", params));
      }
    };
  }

  /// @param run as the native API shows it
  /// @param text the answer; null when there is none
  static ObjectNode result(JsonNode run, @Nullable String text) {
    ObjectNode structured = Json.object();
    structured.set("session_id", run.path("session_id"));
    structured.set("run_id", run.path("run_id"));
    structured.set("status", run.path("status"));
    for (String name : SHOWN) {
      if (run.hasNonNull(name)) {
        structured.set(name, run.get(name));
      }
    }
    if (text != null) {
      structured.put("text", text);
    }
    String status = run.path("status").asText();
    ObjectNode result = said(says(run, status, text), status.equals("failed"));
    return result.set("structuredContent", structured);
  }

  private static String says(JsonNode run, String status, @Nullable String text) {
    String where =
        " (session_id %s, run_id %s)"
            .formatted(run.path("session_id").asText(), run.path("run_id").asText());
    return switch (status) {
      case "succeeded" -> text == null || text.isEmpty() ? run.path("result").toString() : text;
      case "failed" -> run.path("error").asText("The run failed.") + where;
      case "waiting" ->
          "A person is asked: "
              + run.path("waiting_for").path("prompt").asText()
              + where
              + " Say it with answer.";
      case "cancelled" -> "The run was cancelled." + where;
      default -> "The run is " + status + "." + where + " get_run tells what becomes of it.";
    };
  }

  static ObjectNode refused(Refusal why) {
    return said(why.detail(), true);
  }

  private static ObjectNode said(String text, boolean isError) {
    ObjectNode result = Json.object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result.put("isError", isError);
  }
}
