package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What remote agents ask people, in the words of both protocols.
final class Questions {

  private static final int MAX_PROMPT = 4000;
  private static final String GO_ON = "Go on?";

  private Questions() {}

  /// The member `input` of a line.
  static InputRequest of(Members input) {
    return new InputRequest(
        kind(input),
        input.text("input_id", "input"),
        prompt(input.text("prompt", GO_ON)),
        input.has("tool") ? input.text("tool") : null,
        present(input, "arguments"),
        present(input, "value"),
        input.flag("editable"),
        schema(input.object("schema")),
        input.texts("options"));
  }

  private static InputKind kind(Members input) {
    return switch (input.text("kind", "ask")) {
      case "ask" -> InputKind.ASK;
      case "approve" -> InputKind.APPROVE;
      default ->
          throw new InvalidField(
              input.path() + "kind", input.path() + "kind must be ask or approve");
    };
  }

  /// An interrupt of AG-UI, which is about consent if it names a tool's call or says so. Anything
  /// else may be answered with a text, or with what its schema wants.
  ///
  /// @param tool the tool of that call
  static InputRequest of(Members interrupt, @Nullable String tool, @Nullable JsonNode arguments) {
    String reason = interrupt.text("reason", GO_ON);
    boolean isApproval =
        interrupt.has("toolCallId") || reason.contains("approv") || reason.contains("confirm");
    JsonNode schema = schema(interrupt.object("responseSchema"));
    return new InputRequest(
        isApproval ? InputKind.APPROVE : InputKind.ASK,
        interrupt.text("id", "interrupt"),
        prompt(interrupt.text("message", reason)),
        tool,
        arguments == null ? present(interrupt, "payload") : arguments,
        null,
        !isApproval || schema != null,
        schema,
        List.of());
  }

  private static String prompt(String written) {
    return written.isBlank() ? GO_ON : Text.cut(written, MAX_PROMPT);
  }

  private static @Nullable JsonNode present(Members of, String name) {
    return of.has(name) ? of.object().get(name) : null;
  }

  // One that we cannot check is none.
  private static @Nullable JsonNode schema(JsonNode written) {
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
