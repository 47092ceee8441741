package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;

/// What the agent says of itself.
final class AgentCard {

  static final String CURSOR = "urn:agent-rooms:a2a:cursor:v1";

  private AgentCard() {}

  /// @param base the web UI's address, without a slash at its end
  /// @param workflows as the native API lists them
  static ObjectNode of(String base, JsonNode workflows, boolean needsTokens) {
    ObjectNode card =
        Json.object()
            .put("name", "Agent Rooms")
            .put("description", "Sessions with an agent that everybody can watch while it works.")
            .put("version", ApiDocument.VERSION);
    ArrayNode interfaces = card.putArray("supportedInterfaces");
    for (String binding : new String[] {"JSONRPC", "HTTP+JSON"}) {
      interfaces
          .addObject()
          .put("url", base + "/a2a")
          .put("protocolBinding", binding)
          .put("protocolVersion", "1.0");
    }
    ObjectNode capabilities =
        card.putObject("capabilities").put("streaming", true).put("pushNotifications", false);
    capabilities
        .putArray("extensions")
        .addObject()
        .put("uri", CURSOR)
        .put("description", "Subscribe with Last-Event-ID to get each update after it once.")
        .put("required", false);
    if (needsTokens) {
      card.putObject("securitySchemes")
          .putObject("roomToken")
          .putObject("httpAuthSecurityScheme")
          .put("scheme", "Bearer");
      card.putArray("securityRequirements")
          .addObject()
          .putObject("schemes")
          .putObject("roomToken")
          .putArray("list");
    }
    card.putArray("defaultInputModes").add("text/plain");
    card.putArray("defaultOutputModes").add("text/plain").add("application/json");
    ArrayNode skills = card.putArray("skills");
    for (JsonNode workflow : workflows) {
      String name = workflow.path("name").asText();
      skills
          .addObject()
          .put("id", name)
          .put("name", name)
          .put("description", workflow.path("description").asText(name))
          .putArray("tags")
          .add(workflow.path("built_in").asBoolean() ? "built-in" : "workflow");
    }
    return card;
  }
}
