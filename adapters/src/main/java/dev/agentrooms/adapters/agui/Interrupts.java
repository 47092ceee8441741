package dev.agentrooms.adapters.agui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.protocol.Json;
import java.util.Set;

/// What a person is asked, as an interrupt.
final class Interrupts {

  private Interrupts() {}

  /// @param calls that the client has seen
  static ObjectNode of(Told asked, Set<String> calls) {
    JsonNode meta = asked.meta();
    boolean isApproval = meta.path("kind").asText().equals("approve");
    ObjectNode interrupt =
        Json.object()
            .put("id", meta.path("input_id").asText())
            .put("reason", isApproval ? "tool_call" : "input_required")
            .put("message", meta.path("prompt").asText(asked.event().path("message").asText()));
    String callId = meta.path("call_id").asText();
    if (isApproval && calls.contains(callId)) {
      interrupt.put("toolCallId", callId);
    }
    interrupt.set("responseSchema", schema(meta));
    if (meta.path("expires_at").isTextual()) {
      interrupt.set("expiresAt", meta.get("expires_at"));
    }
    ObjectNode about = Json.object();
    for (String name : new String[] {"step", "kind", "tool", "arguments", "value", "editable"}) {
      if (meta.hasNonNull(name)) {
        about.set(name, meta.get(name));
      }
    }
    return interrupt.set("metadata", Json.object().set("agentRooms", about));
  }

  /// Of a payload that answers.
  private static ObjectNode schema(JsonNode meta) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject("decision")
        .put("type", "string")
        .putArray("enum")
        .add("approve")
        .add("reject");
    JsonNode options = meta.path("options");
    if (options.isArray() && !options.isEmpty()) {
      properties.putObject("value").set("enum", options);
    } else if (meta.path("editable").asBoolean()) {
      properties.set("value", meta.path("schema").isObject() ? meta.get("schema") : anyText());
    }
    properties.putObject("comment").put("type", "string");
    schema.putArray("required").add("decision");
    return schema;
  }

  private static ObjectNode anyText() {
    return Json.object().put("type", "string");
  }
}
