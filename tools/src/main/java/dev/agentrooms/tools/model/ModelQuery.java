package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Schema;
import org.jspecify.annotations.Nullable;

/// What a model is asked.
///
/// @param messages as the API takes them: `{"role","content"}`
/// @param schema of the answer; null when that is text
/// @param tools that the model may call, as the API takes them; null for none
public record ModelQuery(ArrayNode messages, @Nullable Schema schema, @Nullable ArrayNode tools) {

  /// A question whose answer is text.
  public static ModelQuery text(@Nullable String system, String prompt) {
    return new ModelQuery(messages(system, prompt), null, null);
  }

  /// A question whose answer is JSON.
  public static ModelQuery json(@Nullable String system, String prompt, Schema schema) {
    return new ModelQuery(messages(system, prompt), schema, null);
  }

  /// The messages of a conversation that begins.
  public static ArrayNode messages(@Nullable String system, String prompt) {
    ArrayNode messages = Json.mapper().createArrayNode();
    if (system != null) {
      messages.add(message("system", system));
    }
    return messages.add(message("user", prompt));
  }

  static ObjectNode message(String role, String content) {
    return Json.object().put("role", role).put("content", content);
  }

  /// Structured answers are not streamed: nobody can read half of one.
  boolean streams() {
    return schema == null;
  }
}
