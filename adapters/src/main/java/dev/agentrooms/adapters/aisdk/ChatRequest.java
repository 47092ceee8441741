package dev.agentrooms.adapters.aisdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a chat sends: its id, which is the session's, and all of its messages, of which the last
/// counts.
record ChatRequest(String sessionId, Asked asked, @Nullable String onBusy) {

  /// What it is about.
  sealed interface Asked {

    /// @param key by which the same question sent again is the same run; null when it is to be
    ///     asked anew
    record Question(String text, @Nullable String key) implements Asked {}

    /// A person's answers to what a run waits for.
    record Approvals(List<Approval> all) implements Asked {}
  }

  /// @param inputId `RUN.input.N`
  record Approval(String inputId, boolean approves, @Nullable String reason) {

    private static final String INPUT = ".input.";

    @Nullable String runId() {
      int end = inputId.indexOf(INPUT);
      return end < 0 ? null : inputId.substring(0, end);
    }
  }

  private static final String MESSAGES = "messages";
  private static final int MAX_KEY = 255;

  /// @throws InvalidField when something is missing or of the wrong type
  static ChatRequest of(ObjectNode body) {
    JsonNode id = body.path("id");
    if (!id.isTextual()) {
      throw new InvalidField("id", "id is required");
    }
    JsonNode onBusy = body.path("on_busy");
    if (!onBusy.isMissingNode() && !onBusy.isNull() && !onBusy.isTextual()) {
      throw new InvalidField("on_busy", "on_busy must be reject, enqueue or interrupt");
    }
    return new ChatRequest(
        SessionId.checked("id", id.textValue()),
        asked(body.path(MESSAGES), trigger(body.path("trigger"))),
        onBusy.isTextual() ? onBusy.textValue() : null);
  }

  private static String trigger(JsonNode trigger) {
    String text = trigger.isMissingNode() ? "submit-message" : trigger.asText();
    if (!text.equals("submit-message") && !text.equals("regenerate-message")) {
      throw new InvalidField("trigger", "trigger must be submit-message or regenerate-message");
    }
    return text;
  }

  private static Asked asked(JsonNode messages, String trigger) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new InvalidField(MESSAGES, "messages is required");
    }
    JsonNode last = messages.get(messages.size() - 1);
    List<Approval> approvals = approvals(last);
    if (!approvals.isEmpty()) {
      return new Asked.Approvals(approvals);
    }
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").asText().equals("user")) {
        return new Asked.Question(
            text(message), trigger.equals("submit-message") ? key(message) : null);
      }
    }
    throw new InvalidField(MESSAGES, "messages has no message of role user");
  }

  private static List<Approval> approvals(JsonNode message) {
    List<Approval> found = new ArrayList<>();
    if (message.path("role").asText().equals("assistant")) {
      for (JsonNode part : message.path("parts")) {
        JsonNode approval = part.path("approval");
        if (part.path("state").asText().equals("approval-responded")
            && approval.path("id").isTextual()
            && approval.path("approved").isBoolean()) {
          found.add(
              new Approval(
                  approval.path("id").textValue(),
                  approval.path("approved").booleanValue(),
                  approval.path("reason").textValue()));
        }
      }
    }
    return found;
  }

  private static @Nullable String key(JsonNode message) {
    String id = message.path("id").asText();
    if (id.isEmpty()) {
      return null;
    }
    if (id.isBlank() || id.length() > MAX_KEY || !IdempotencyKey.isAscii(id)) {
      throw new InvalidField(
          MESSAGES, "a message's id must have 1 to " + MAX_KEY + " characters of visible ASCII");
    }
    return id;
  }

  private static String text(JsonNode message) {
    if (message.path("content").isTextual()) {
      return message.path("content").textValue();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : message.path("parts")) {
      if (part.path("type").asText().equals("file")) {
        throw new InvalidField(MESSAGES, "files are not supported by this server");
      }
      if (part.path("type").asText().equals("text")) {
        texts.add(part.path("text").asText());
      }
    }
    return String.join("\n", texts);
  }

  /// As the native API takes a question.
  ObjectNode run(String question) {
    ObjectNode run = Json.object().put("session_id", sessionId).put("question", question);
    return onBusy == null ? run : run.put("on_busy", onBusy);
  }
}
