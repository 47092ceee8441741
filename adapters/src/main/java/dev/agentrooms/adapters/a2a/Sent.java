package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.protocol.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a caller sends: a message that starts a task, or that answers one which waits.
///
/// @param contextId null for a session of its own
/// @param taskId null for a new task
/// @param data the first data part
record Sent(
    String messageId,
    @Nullable String contextId,
    @Nullable String taskId,
    String text,
    @Nullable JsonNode data,
    JsonNode metadata,
    boolean returnsAtOnce,
    @Nullable Integer historyLength) {

  private static final int MAX_MESSAGE_ID = 255;
  private static final List<String> PASSED_ON =
      List.of("workflow", "input", "num_questions", "submission");

  /// Why a message is not taken.
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient Failure failure;

    Wrong(Reason reason, String message) {
      super(message);
      failure = new Failure(reason, message);
    }
  }

  /// @throws Wrong when it is no message that can be taken
  static Sent of(ObjectNode params) {
    JsonNode message = params.path("message");
    String messageId = message.path("messageId").asText();
    if (messageId.isBlank() || messageId.length() > MAX_MESSAGE_ID) {
      throw new Wrong(Reason.INVALID_PARAMS, "message.messageId must have 1 to 255 characters");
    }
    String role = message.path("role").asText("ROLE_USER");
    if (!role.equals("ROLE_USER")) {
      throw new Wrong(Reason.INVALID_PARAMS, "message.role must be ROLE_USER");
    }
    JsonNode parts = message.path("parts");
    if (!parts.isArray() || parts.isEmpty()) {
      throw new Wrong(Reason.INVALID_PARAMS, "message.parts must not be empty");
    }
    JsonNode configuration = params.path("configuration");
    if (configuration.hasNonNull("taskPushNotificationConfig")) {
      throw new Wrong(
          Reason.PUSH_NOTIFICATION_NOT_SUPPORTED, "This agent sends no push notifications.");
    }
    Sent sent =
        new Sent(
            messageId,
            id(message, "contextId"),
            id(message, "taskId"),
            text(parts),
            data(parts),
            message.path("metadata"),
            configuration.path("returnImmediately").asBoolean(),
            history(configuration.path("historyLength")));
    if (sent.contextId != null && !SessionId.isValid(sent.contextId)) {
      throw new Wrong(Reason.INVALID_PARAMS, "message.contextId is no id of a session");
    }
    if (Text.isBlank(sent.text) && (sent.taskId == null || sent.data == null)) {
      throw new Wrong(Reason.CONTENT_TYPE_NOT_SUPPORTED, "A message needs a text part.");
    }
    return sent;
  }

  static @Nullable Integer history(JsonNode length) {
    if (length.isMissingNode() || length.isNull()) {
      return null;
    }
    if (!length.canConvertToInt() || length.intValue() < 0) {
      throw new Wrong(Reason.INVALID_PARAMS, "historyLength must be 0 or more");
    }
    return length.intValue();
  }

  private static @Nullable String id(JsonNode message, String name) {
    String id = message.path(name).asText();
    return id.isEmpty() ? null : id;
  }

  private static String text(JsonNode parts) {
    List<String> texts = new ArrayList<>();
    for (JsonNode part : parts) {
      if (part.path("text").isTextual()) {
        texts.add(part.path("text").textValue());
      }
    }
    return String.join("\n", texts);
  }

  private static @Nullable JsonNode data(JsonNode parts) {
    for (JsonNode part : parts) {
      if (part.hasNonNull("data")) {
        return part.get("data");
      }
    }
    return null;
  }

  /// As `POST /api/agent/run` takes it.
  ObjectNode run() {
    ObjectNode run = Json.object().put("question", text);
    if (contextId != null) {
      run.put("session_id", contextId);
    }
    run.put("on_busy", metadata.path("on_busy").asText("enqueue"));
    for (String name : PASSED_ON) {
      if (metadata.hasNonNull(name)) {
        run.set(name, metadata.get(name));
      }
    }
    return run;
  }

  /// As `POST /api/agent/answer` takes it. A data part says it in full; a text is a decision, or
  /// the value.
  ///
  /// @throws InvalidField when the data part is no object
  ObjectNode answer(TaskId task, String inputId) {
    ObjectNode answer =
        Json.object()
            .put("session_id", task.sessionId())
            .put("run_id", task.runId())
            .put("input_id", inputId);
    if (data instanceof ObjectNode said && said.path("decision").isTextual()) {
      for (String name : List.of("decision", "value", "comment")) {
        if (said.hasNonNull(name)) {
          answer.set(name, said.get(name));
        }
      }
      return answer;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "approve", "approved", "yes", "ok" -> answer.put("decision", "approve");
      case "reject", "rejected", "no" -> answer.put("decision", "reject");
      default ->
          answer
              .put("decision", "approve")
              .set("value", Text.isBlank(text) ? data : Json.mapper().valueToTree(text));
    };
  }
}
