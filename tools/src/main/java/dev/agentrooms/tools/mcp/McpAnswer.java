package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import java.nio.charset.StandardCharsets;

/// What the result of `tools/call` is for a run: its structured content or, without any, its text,
/// as JSON if it is an object or an array. Anything else (pictures, links) is shown as it came.
final class McpAnswer {

  private static final int MAX_MESSAGE = 300;

  private McpAnswer() {}

  static ToolResult read(JsonNode result, int maxSize) {
    JsonNode isError = result.path("isError");
    if (!isError.isMissingNode() && !isError.isNull() && !isError.isBoolean()) {
      return McpFailure.invalid("its isError is neither true nor false.").result();
    }
    if (isError.booleanValue()) {
      String said = text(result);
      return new ToolResult.Failed(
          Reason.REMOTE_FAILED,
          null,
          said.isBlank() ? "The tool failed." : Text.cut(said, MAX_MESSAGE));
    }
    JsonNode structured = result.path("structuredContent");
    if (structured.isObject()) {
      return new ToolResult.Succeeded(structured);
    }
    if (!result.path("content").isArray()) {
      return McpFailure.invalid("it has no content.").result();
    }
    for (JsonNode part : result.path("content")) {
      if (!part.path("type").asText().equals("text")) {
        return new ToolResult.Succeeded(Json.object().set("content", result.path("content")));
      }
      if (!part.path("text").isTextual()) {
        return McpFailure.invalid("a text in it is none.").result();
      }
    }
    String text = text(result);
    return text.length() > maxSize
        ? new ToolResult.Failed(
            Reason.ANSWER_TOO_LARGE, null, "The answer is longer than " + maxSize + " bytes.")
        : new ToolResult.Succeeded(value(text));
  }

  private static String text(JsonNode result) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : result.path("content")) {
      if (part.path("text").isTextual()) {
        text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText());
      }
    }
    return text.toString();
  }

  private static JsonNode value(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("{") || stripped.startsWith("[")) {
      try {
        return Json.parse(stripped.getBytes(StandardCharsets.UTF_8), ToolDefaults.MAX_TOKENS);
      } catch (MalformedJson e) {
        // Then it is text that begins like that.
      }
    }
    return TextNode.valueOf(text);
  }
}
