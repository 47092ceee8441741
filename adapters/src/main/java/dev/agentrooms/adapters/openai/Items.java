package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.ToolCalls.Seen;
import dev.agentrooms.protocol.Json;
import org.jspecify.annotations.Nullable;

/// What a response consists of: calls of tools, requests for a person's approval, and the answer.
///
/// Calls are `mcp_call` and not `function_call`: agent frameworks would run those themselves.
final class Items {

  private static final String SERVER = "agent-rooms";

  private Items() {}

  static String callId(String callId) {
    return "mcp_" + callId;
  }

  static String questionId(String runId) {
    return "m-" + runId + "-q";
  }

  static String answerId(String runId) {
    return "m-" + runId + "-a";
  }

  /// A call that has just begun, its arguments still unsaid.
  static ObjectNode call(Seen.Started call) {
    return Json.object()
        .put("id", callId(call.callId()))
        .put("type", "mcp_call")
        .put("server_label", SERVER)
        .put("name", call.name())
        .put("arguments", "")
        .putNull("approval_request_id")
        .putNull("output")
        .putNull("error")
        .put("status", "in_progress");
  }

  static ObjectNode error(String why, int httpStatus) {
    if (httpStatus > 0) {
      return Json.object().put("type", "http_error").put("code", httpStatus).put("message", why);
    }
    ObjectNode error = Json.object().put("type", "mcp_tool_execution_error");
    error.putArray("content").addObject().put("type", "text").put("text", why);
    return error;
  }

  /// What a person is asked. A question that is about no tool goes by its step's name.
  ///
  /// @param meta of `input_required`
  static ObjectNode approvalRequest(JsonNode meta) {
    JsonNode tool = meta.path("tool");
    ObjectNode asked = Json.object();
    for (String name : new String[] {"prompt", "value", "options"}) {
      if (meta.hasNonNull(name)) {
        asked.set(name, meta.get(name));
      }
    }
    return Json.object()
        .put("id", meta.path("input_id").asText())
        .put("type", "mcp_approval_request")
        .put("server_label", SERVER)
        .put("name", tool.isTextual() ? tool.textValue() : meta.path("step").asText())
        .put("arguments", text(meta.hasNonNull("arguments") ? meta.get("arguments") : asked));
  }

  static ObjectNode message(String id) {
    ObjectNode message =
        Json.object()
            .put("id", id)
            .put("type", "message")
            .put("role", "assistant")
            .put("status", "in_progress");
    message.putArray("content");
    return message;
  }

  static ObjectNode outputText(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  static ObjectNode question(String runId, String text) {
    ObjectNode message =
        Json.object()
            .put("id", questionId(runId))
            .put("type", "message")
            .put("role", "user")
            .put("status", "completed");
    message.putArray("content").addObject().put("type", "input_text").put("text", text);
    return message;
  }

  /// A value as the text that OpenAI wants it to be: a text as it is, all else as JSON.
  static @Nullable String output(@Nullable JsonNode value) {
    return value == null ? null : value.isTextual() ? value.textValue() : text(value);
  }

  static String text(JsonNode value) {
    return value.toString();
  }

  static ObjectNode list(ArrayNode items, boolean hasMore) {
    ObjectNode list = Json.object().put("object", "list");
    list.set("data", items);
    list.put("first_id", items.isEmpty() ? null : items.get(0).path("id").asText());
    list.put("last_id", items.isEmpty() ? null : items.get(items.size() - 1).path("id").asText());
    return list.put("has_more", hasMore);
  }
}
