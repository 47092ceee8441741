package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InputKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a person is asked: by a step of a workflow, before a call of a tool, or by a tool that
/// cannot go on without.
///
/// Journalled with its session: the names of fields are a schema.
///
/// @param askedAs the tool's own name for it, which goes back with the answer; null when no tool
///     asks
/// @param tool the tool that is to be called; null when it is not about one
/// @param arguments what that tool would be sent
/// @param value what is to be decided on; null when there is nothing but the prompt
/// @param editable whether an answer may bring another value
/// @param schema of such a value; null for any text
/// @param options texts of which such a value is one; empty for a free choice
public record InputRequest(
    InputKind kind,
    @Nullable String askedAs,
    String prompt,
    @Nullable String tool,
    @Nullable JsonNode arguments,
    @Nullable JsonNode value,
    boolean editable,
    @Nullable JsonNode schema,
    List<String> options) {

  public InputRequest {
    options = List.copyOf(options);
  }

  /// Asks a person to go on, or for another value.
  public static InputRequest ask(
      String prompt,
      @Nullable JsonNode value,
      boolean editable,
      @Nullable JsonNode schema,
      List<String> options) {
    return new InputRequest(
        InputKind.ASK, null, prompt, null, null, value, editable, schema, options);
  }

  /// Asks whether a tool may be called.
  public static InputRequest approve(Tool tool, JsonNode arguments) {
    return new InputRequest(
        InputKind.APPROVE,
        null,
        "Allow this: " + tool.title() + "?",
        tool.name(),
        arguments,
        tool.edit() ? arguments : null,
        tool.edit(),
        tool.edit() && tool.parameters() != null ? tool.parameters().json() : null,
        List.of());
  }
}
