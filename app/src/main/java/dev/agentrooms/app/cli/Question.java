package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a run asks a person, and the answers that fit.
///
/// @param asked `waiting_for` of the run
record Question(JsonNode asked) {

  /// An answer, as somebody gives it.
  ///
  /// @param value as text; null to leave it as it is
  record Given(Decision decision, @Nullable String value, @Nullable String comment) {}

  /// What is asked, and what exactly would be done, over several lines.
  String words() {
    List<String> lines = new ArrayList<>();
    lines.add(Words.text(asked.path("prompt")));
    String tool = Words.text(asked.path("tool"));
    if (!tool.isEmpty()) {
      lines.add("  tool: " + tool);
    }
    add(lines, "arguments");
    if (tool.isEmpty()) {
      add(lines, "value");
    }
    List<String> options = options();
    for (int i = 0; i < options.size(); i++) {
      lines.add("  " + (i + 1) + ". " + Words.oneLine(options.get(i)));
    }
    return String.join("\n", lines);
  }

  private void add(List<String> lines, String name) {
    JsonNode value = asked.path(name);
    if (!value.isMissingNode() && !value.isNull()) {
      lines.add("  " + name + ": " + (value.isTextual() ? value.textValue() : value.toString()));
    }
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    asked.path("options").forEach(option -> options.add(option.asText()));
    return options;
  }

  private boolean isEditable() {
    return asked.path("editable").asBoolean();
  }

  /// Whether a value is a text, and not JSON.
  private boolean takesText() {
    return !options().isEmpty()
        || asked.path("value").isTextual()
        || (!asked.hasNonNull("value") && !asked.hasNonNull("schema"));
  }

  /// Asks for an answer until there is one that fits.
  ///
  /// @param ask shows a prompt, and gives what is typed; null at the end of the input
  /// @return nothing when nobody answers
  Optional<Given> answeredBy(UnaryOperator<@Nullable String> ask) {
    List<String> options = options();
    String prompt =
        options.isEmpty()
            ? isEditable()
                ? "y to go on, n to reject, or what to say instead: "
                : "y to go on, n to reject: "
            : "the number of one, or n to reject: ";
    while (true) {
      String typed = ask.apply(prompt);
      if (typed == null) {
        return Optional.empty();
      }
      Given given = given(typed.strip(), options);
      if (given != null) {
        return Optional.of(given);
      }
    }
  }

  private @Nullable Given given(String typed, List<String> options) {
    if (typed.equalsIgnoreCase("n")) {
      return new Given(Decision.REJECT, null, null);
    }
    if (!options.isEmpty()) {
      for (int i = 0; i < options.size(); i++) {
        if (typed.equals(String.valueOf(i + 1)) || typed.equals(options.get(i))) {
          return new Given(Decision.APPROVE, options.get(i), null);
        }
      }
      return null;
    }
    if (typed.equalsIgnoreCase("y")) {
      return new Given(Decision.APPROVE, null, null);
    }
    return isEditable() && !typed.isEmpty() ? new Given(Decision.APPROVE, typed, null) : null;
  }

  /// The body of `POST /api/agent/answer`.
  ///
  /// @throws CommandFailed when the value is no JSON where it must be
  ObjectNode answer(String sessionId, String runId, Given given) {
    ObjectNode body =
        Json.object()
            .put("session_id", sessionId)
            .put("run_id", runId)
            .put("input_id", asked.path("input_id").asText())
            .put("decision", given.decision().word());
    if (given.value() != null) {
      if (takesText()) {
        body.put("value", given.value());
      } else {
        body.set("value", json(given.value()));
      }
    }
    return given.comment() == null ? body : body.put("comment", given.comment());
  }

  private static JsonNode json(String value) {
    try {
      return Json.parse(value.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new CommandFailed(ExitCode.UNUSABLE, "the value must be JSON: " + e.detail());
    }
  }
}
