package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What remote agents ask people, in the words of both protocols.
final class Questions {

  private static final int MAX_PROMPT = 4000;
  private static final String GO_ON = "Go on?";

  private Questions() {}

  /// The member `input` of a line.
  static InputRequest of(ObjectNode input) {
    boolean isApproval = input.path("kind").asText().equals("approve");
    JsonNode tool = input.path("tool");
    List<String> options = new ArrayList<>();
    input.path("options").forEach(option -> options.add(option.asText()));
    return new InputRequest(
        isApproval ? InputKind.APPROVE : InputKind.ASK,
        input.path("input_id").asText("input"),
        prompt(input.path("prompt").asText(GO_ON)),
        tool.isTextual() ? tool.asText() : null,
        present(input.get("arguments")),
        present(input.get("value")),
        input.path("editable").asBoolean(),
        schema(input.get("schema")),
        options);
  }

  /// An interrupt of AG-UI, which is about consent if it names a tool's call or says so. Anything
  /// else may be answered with a text, or with what its schema wants.
  ///
  /// @param tool the tool of that call
  static InputRequest of(JsonNode interrupt, @Nullable String tool, @Nullable JsonNode arguments) {
    String reason = interrupt.path("reason").asText(GO_ON);
    boolean isApproval =
        interrupt.hasNonNull("toolCallId")
            || reason.contains("approv")
            || reason.contains("confirm");
    JsonNode schema = schema(interrupt.get("responseSchema"));
    return new InputRequest(
        isApproval ? InputKind.APPROVE : InputKind.ASK,
        interrupt.path("id").asText("interrupt"),
        prompt(interrupt.path("message").asText(reason)),
        tool,
        arguments == null ? present(interrupt.get("payload")) : arguments,
        null,
        !isApproval || schema != null,
        schema,
        List.of());
  }

  private static String prompt(String written) {
    return written.isBlank() ? GO_ON : Text.cut(written, MAX_PROMPT);
  }

  private static @Nullable JsonNode present(@Nullable JsonNode value) {
    return value == null || value.isNull() ? null : value;
  }

  // One that we cannot check is none.
  private static @Nullable JsonNode schema(@Nullable JsonNode written) {
    if (!(written instanceof ObjectNode object)) {
      return null;
    }
    try {
      return Schema.of(object.deepCopy().without("$schema")).json();
    } catch (Schema.Invalid e) {
      return null;
    }
  }
}
