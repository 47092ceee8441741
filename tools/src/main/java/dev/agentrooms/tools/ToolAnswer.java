package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads and validates a service's answer. Members that the schema does not name are kept.
final class ToolAnswer {

  private static final int NO_CONTENT = 204;

  private ToolAnswer() {}

  /// The tool's result.
  ///
  /// @throws MalformedJson when the answer is neither JSON nor, where text is expected, valid text
  /// @throws InvalidField when it violates the tool's schema
  static JsonNode read(Tool.Answer wanted, int status, byte[] body) {
    JsonNode answer =
        wanted.isText()
            ? TextNode.valueOf(utf8(body))
            : status == NO_CONTENT && body.length == 0
                ? NullNode.getInstance()
                : Json.parse(body, ToolDefaults.MAX_TOKENS);
    if (!Text.isWellFormed(answer)) {
      throw new InvalidField("", "The answer has half of a surrogate pair.");
    }
    if (wanted.schema() != null) {
      wanted.schema().check("", answer);
    }
    JsonNode result = ValuePath.of(wanted.result()).in(answer);
    if (result == null) {
      String path = String.join(".", wanted.result());
      throw new InvalidField(path, path + " is required");
    }
    return result;
  }

  private static String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedJson("It is not UTF-8 text.");
    }
  }
}
