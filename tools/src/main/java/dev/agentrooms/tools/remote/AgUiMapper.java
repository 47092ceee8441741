package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The events of AG-UI. A tool call of the agent is told once its arguments are complete.
final class AgUiMapper implements Mapper {

  private final AgUiCalls calls = new AgUiCalls();
  // The message that has begun, and the one of the latest text.
  private @Nullable String message;
  private @Nullable String shown;

  @Override
  public List<Said> map(JsonNode event) {
    String type = required(event, "type");
    List<Said> said = new ArrayList<>();
    if (!type.equals("TOOL_CALL_CHUNK")) {
      calls.endChunks(said);
    }
    switch (type) {
      case "TEXT_MESSAGE_START" -> message = event.path("messageId").asText();
      case "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK" -> text(event, said);
      case "TOOL_CALL_START" -> calls.start(event);
      case "TOOL_CALL_ARGS" -> calls.arguments(event);
      case "TOOL_CALL_END" -> calls.end(event, said);
      case "TOOL_CALL_CHUNK" -> calls.chunk(event, said);
      case "TOOL_CALL_RESULT" -> calls.result(event, said);
      case "STEP_STARTED" -> step(event, "start_", "", said);
      case "STEP_FINISHED" -> step(event, "", "_done", said);
      case "CUSTOM" -> {
        ObjectNode meta = Json.object().put("name", event.path("name").asText());
        meta.set("value", event.path("value"));
        said.add(new Said.Happened(Progress.of(event.path("name").asText("custom"), meta)));
      }
      case "RUN_FINISHED" -> {
        calls.endAll(said);
        said.add(finished(event));
      }
      case "RUN_ERROR" -> said.add(new Said.Failed(event.path("message").asText("It failed.")));
      // What is thought is not what is said, and the rest frames what has been told already.
      case "RUN_STARTED",
          "TEXT_MESSAGE_END",
          "MESSAGES_SNAPSHOT",
          "REASONING_START",
          "REASONING_MESSAGE_START",
          "REASONING_MESSAGE_CONTENT",
          "REASONING_MESSAGE_END",
          "REASONING_MESSAGE_CHUNK",
          "REASONING_END",
          "REASONING_ENCRYPTED_VALUE",
          "THINKING_START",
          "THINKING_END",
          "THINKING_TEXT_MESSAGE_START",
          "THINKING_TEXT_MESSAGE_CONTENT",
          "THINKING_TEXT_MESSAGE_END" -> {}
      case "STATE_SNAPSHOT" -> told("State", "state", event.path("snapshot"), said);
      case "STATE_DELTA" -> told("State", "state_delta", event.path("delta"), said);
      default -> told(type, "event", event, said);
    }
    return said;
  }

  // Texts of different messages are set apart as paragraphs.
  private void text(JsonNode event, List<Said> said) {
    String more = event.path("delta").asText("");
    String role = event.path("role").asText("assistant");
    if (more.isEmpty() || !role.equals("assistant")) {
      return;
    }
    String id = event.path("messageId").asText(message == null ? "" : message);
    if (shown != null && !id.equals(shown)) {
      said.add(new Said.Text("\n\n"));
    }
    shown = id;
    said.add(new Said.Text(more));
  }

  private static void step(JsonNode event, String before, String after, List<Said> said) {
    String name = required(event, "stepName");
    String word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    said.add(
        new Said.Happened(
            new Progress(before + word + after, null, name, Json.object().put("title", name))));
  }

  private static void told(String message, String name, JsonNode value, List<Said> said) {
    said.add(new Said.Happened(Progress.of(message, Json.object().set(name, value))));
  }

  private Said finished(JsonNode event) {
    JsonNode outcome = event.path("outcome");
    String type = outcome.isTextual() ? outcome.asText() : outcome.path("type").asText("success");
    return switch (type) {
      case "interrupt" -> asks(event, outcome);
      case "cancelled" -> new Said.Failed("It was cancelled.");
      default -> new Said.Finished(event.path("result"));
    };
  }

  // Producers before 1.0 have one interrupt, beside the outcome.
  private Said asks(JsonNode event, JsonNode outcome) {
    List<InputRequest> questions = new ArrayList<>();
    for (JsonNode each : outcome.path("interrupts")) {
      questions.add(question(each));
    }
    if (questions.isEmpty() && event.path("interrupt").isObject()) {
      questions.add(question(event.path("interrupt")));
    }
    if (questions.isEmpty()) {
      throw new InvalidField("outcome.interrupts", "outcome.interrupts must name an interrupt");
    }
    return new Said.Asks(questions);
  }

  private InputRequest question(JsonNode interrupt) {
    String call = interrupt.path("toolCallId").asText("");
    return Questions.of(interrupt, calls.name(call), calls.argumentsOf(call));
  }

  static String required(JsonNode event, String name) {
    JsonNode value = event.path(name);
    if (!value.isTextual()) {
      throw new InvalidField(name, name + " must be a string");
    }
    return value.asText();
  }
}
