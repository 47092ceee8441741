package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;

/// Messages of a thread as LangChain writes them.
final class Messages {

  private Messages() {}

  static ArrayNode none() {
    return Json.mapper().createArrayNode();
  }

  static String questionId(String runId) {
    return "m-" + runId + "-q";
  }

  static String answerId(String runId) {
    return "m-" + runId + "-a";
  }

  static ObjectNode human(String runId, String text) {
    return message("human", questionId(runId), text);
  }

  static ObjectNode ai(String runId, String text) {
    ObjectNode message = message("ai", answerId(runId), text);
    message.putArray("tool_calls");
    message.putArray("invalid_tool_calls");
    return message;
  }

  private static ObjectNode message(String type, String id, String text) {
    ObjectNode message = Json.object().put("type", type).put("id", id).put("content", text);
    message.putObject("additional_kwargs");
    message.putObject("response_metadata");
    return message;
  }

  /// A message of the native conversation.
  ///
  /// @return a missing node for what is no message of a thread: how a run failed
  static JsonNode of(JsonNode told) {
    String runId = told.path("run_id").asText();
    String text = told.path("text").asText("");
    boolean isQuestion = told.path("role").asText().equals("user");
    if (!isQuestion && !told.path("status").asText().equals("succeeded")) {
      return Json.mapper().missingNode();
    }
    ObjectNode message = isQuestion ? human(runId, text) : ai(runId, text);
    if (told.path("text_bytes").isNumber()) {
      message.withObject("/additional_kwargs").set("text_bytes", told.path("text_bytes"));
    }
    return message;
  }

  /// A piece of a text that is being written, with what LangGraph says beside it.
  static ArrayNode chunk(String runId, String text) {
    ArrayNode tuple = Json.mapper().createArrayNode();
    tuple.add(
        Json.object()
            .put("type", "AIMessageChunk")
            .put("id", answerId(runId))
            .put("content", text));
    ObjectNode beside = tuple.addObject();
    beside.putArray("tags");
    beside.put("langgraph_node", Views.NODE);
    return tuple;
  }
}
