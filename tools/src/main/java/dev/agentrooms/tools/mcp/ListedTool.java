package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.Schema;
import org.jspecify.annotations.Nullable;

/// What a server's list says of a tool.
///
/// @param schema of its arguments; null when it is none that we can check
/// @param onlyReads whether it says of itself that it changes nothing
/// @param isIdempotent whether it says that a second call changes nothing more
public record ListedTool(
    String name,
    @Nullable String title,
    @Nullable String description,
    @Nullable Schema schema,
    boolean onlyReads,
    boolean isIdempotent) {

  private static final int MAX_TITLE = 100;
  private static final int MAX_DESCRIPTION = 4000;

  static ListedTool from(JsonNode tool) {
    JsonNode hints = tool.path("annotations");
    JsonNode title = tool.has("title") ? tool.path("title") : hints.path("title");
    return new ListedTool(
        tool.path("name").textValue() == null ? "" : tool.path("name").textValue(),
        title.isTextual() ? Text.cut(title.asText(), MAX_TITLE) : null,
        tool.path("description").isTextual()
            ? Text.cut(tool.path("description").asText(), MAX_DESCRIPTION)
            : null,
        schema(tool.path("inputSchema")),
        hints.path("readOnlyHint").booleanValue(),
        hints.path("idempotentHint").booleanValue());
  }

  // Servers name the dialect that their library writes, and mean what all dialects share.
  private static @Nullable Schema schema(JsonNode written) {
    if (!(written instanceof ObjectNode object)) {
      return null;
    }
    try {
      return Schema.of(object.deepCopy().without("$schema"));
    } catch (Schema.Invalid e) {
      return null;
    }
  }
}
