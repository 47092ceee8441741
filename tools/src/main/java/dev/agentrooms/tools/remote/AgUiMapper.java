package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The events of AG-UI. A tool call of the agent is told once its arguments are complete.
final class AgUiMapper implements Mapper {

  // A person is asked one after the other.
  private static final int MAX_QUESTIONS = 100;

  private final AgUiCalls calls = new AgUiCalls();
  // The message that has begun, and the one of the latest text.
  private @Nullable String message;
  private @Nullable String shown;

  @Override
  public List<Said> map(JsonNode event) {
    Members members = Members.of(event);
    String type = members.text("type");
    List<Said> said = new ArrayList<>();
    if (!type.equals("TOOL_CALL_CHUNK")) {
      calls.endChunks(said);
    }
    switch (type) {
      case "TEXT_MESSAGE_START" -> message = members.text("messageId", "");
      case "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK" -> text(members, said);
      case "TOOL_CALL_START" -> calls.start(event);
      case "TOOL_CALL_ARGS" -> calls.arguments(event);
      case "TOOL_CALL_END" -> calls.end(event, said);
      case "TOOL_CALL_CHUNK" -> calls.chunk(event, said);
      case "TOOL_CALL_RESULT" -> calls.result(event, said);
      case "STEP_STARTED" -> step(members, "start_", "", said);
      case "STEP_FINISHED" -> step(members, "", "_done", said);
      case "CUSTOM" -> {
        String name = members.text("name", "custom");
        ObjectNode meta = Json.object().put("name", name);
        meta.set("value", event.path("value"));
        said.add(new Said.Happened(Progress.of(name, meta)));
      }
      case "RUN_FINISHED" -> {
        calls.endAll(said);
        said.add(finished(members));
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
  private void text(Members event, List<Said> said) {
    String more = event.text("delta", "");
    String role = event.text("role", "assistant");
    String id = event.text("messageId", message == null ? "" : message);
    if (more.isEmpty() || !role.equals("assistant")) {
      return;
    }
    if (shown != null && !id.equals(shown)) {
      said.add(new Said.Text("\n\n"));
    }
    shown = id;
    said.add(new Said.Text(more));
  }

  private static void step(Members event, String before, String after, List<Said> said) {
    String name = event.text("stepName");
    String word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    said.add(
        new Said.Happened(
            new Progress(before + word + after, null, name, Json.object().put("title", name))));
  }

  private static void told(String message, String name, JsonNode value, List<Said> said) {
    said.add(new Said.Happened(Progress.of(message, Json.object().set(name, value))));
  }

  private Said finished(Members event) {
    JsonNode outcome = event.object().path("outcome");
    String type =
        outcome.isMissingNode() || outcome.isNull()
            ? "success"
            : outcome.isTextual()
                ? outcome.asText()
                : new Members(event.object("outcome"), "outcome.").text("type");
    return switch (type) {
      case "success" -> new Said.Finished(event.object().path("result"));
      case "interrupt" -> asks(event);
      case "cancelled" -> new Said.Failed("It was cancelled.");
      default ->
          throw new InvalidField(
              "outcome",
              "outcome must be success, interrupt or cancelled, and is " + Text.cut(type, 40));
    };
  }

  // Producers before 1.0 have one interrupt, beside the outcome.
  private Said asks(Members event) {
    List<InputRequest> questions = new ArrayList<>();
    Members outcome = new Members(event.object().path("outcome"), "outcome.");
    List<Members> interrupts = outcome.objects("interrupts");
    if (interrupts.size() > MAX_QUESTIONS) {
      throw new InvalidField(
          "outcome.interrupts", "There are more than " + MAX_QUESTIONS + " interrupts.");
    }
    interrupts.forEach(each -> questions.add(question(each)));
    if (questions.isEmpty() && event.has("interrupt")) {
      questions.add(question(new Members(event.object("interrupt"), "interrupt.")));
    }
    if (questions.isEmpty()) {
      throw new InvalidField("outcome.interrupts", "outcome.interrupts must name an interrupt");
    }
    return new Said.Asks(questions);
  }

  private InputRequest question(Members interrupt) {
    String call = interrupt.text("toolCallId", "");
    return Questions.of(interrupt, calls.name(call), calls.argumentsOf(call));
  }
}
