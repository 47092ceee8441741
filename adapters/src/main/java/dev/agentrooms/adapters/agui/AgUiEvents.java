package dev.agentrooms.adapters.agui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.protocol.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/// The events of AG-UI, as JSON.
final class AgUiEvents {

  private AgUiEvents() {}

  static ObjectNode runStarted(String threadId, String runId) {
    return of("RUN_STARTED")
        .put("threadId", threadId)
        .put("runId", runId)
        .put("protocolVersion", "1.0");
  }

  static ObjectNode messages(List<ObjectNode> messages) {
    ObjectNode event = of("MESSAGES_SNAPSHOT");
    ArrayNode all = event.putArray("messages");
    messages.forEach(all::add);
    return event;
  }

  static ObjectNode message(String id, String role, String content) {
    return Json.object().put("id", id).put("role", role).put("content", content);
  }

  /// The assistant's message that makes a call.
  static ObjectNode callMessage(String callId, String tool, String arguments) {
    ObjectNode message = Json.object().put("id", callId).put("role", "assistant");
    ObjectNode call = message.putArray("toolCalls").addObject();
    call.put("id", callId).put("type", "function");
    call.set("function", Json.object().put("name", tool).put("arguments", arguments));
    return message;
  }

  static ObjectNode progress(Told told) {
    ObjectNode event = at(told, "CUSTOM").put("name", "agent_rooms.progress");
    return event.set("value", told.progress());
  }

  static ObjectNode step(Told told, String type, String name) {
    return at(told, type).put("stepName", name);
  }

  static ObjectNode call(Told told, String type, String callId) {
    return at(told, type).put("toolCallId", callId);
  }

  static ObjectNode text(String type, String messageId) {
    return of(type).put("messageId", messageId);
  }

  static ObjectNode finished(Told told, String threadId, String runId, ObjectNode outcome) {
    ObjectNode event = at(told, "RUN_FINISHED").put("threadId", threadId).put("runId", runId);
    return event.set("outcome", outcome);
  }

  static ObjectNode at(Told told, String type) {
    ObjectNode event = of(type);
    try {
      event.put("timestamp", Instant.parse(told.event().path("ts").asText()).toEpochMilli());
    } catch (DateTimeException e) {
      // The time is optional.
    }
    return event;
  }

  private static ObjectNode of(String type) {
    return Json.object().put("type", type);
  }

  /// A value as the text that AG-UI wants; where it was too large for the event, its size.
  ///
  /// @param names of the value in `meta`; the first that is there counts
  static String shown(JsonNode meta, String... names) {
    for (String name : names) {
      if (meta.has(name)) {
        JsonNode value = meta.get(name);
        return value.isTextual() ? value.textValue() : value.toString();
      }
      if (meta.has(name + "_bytes")) {
        return Json.object().set("bytes", meta.get(name + "_bytes")).toString();
      }
    }
    return "";
  }
}
