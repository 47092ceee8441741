package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client asks for with `POST /v1/responses`.
///
/// @param conversation null for that of `previous`, or one of its own
/// @param onBusy null for the server's default
record CreateRequest(
    Asked asked,
    @Nullable String conversation,
    @Nullable ResponseId previous,
    boolean background,
    boolean stream,
    @Nullable String onBusy) {

  /// What it is about.
  sealed interface Asked {

    record Question(String text) implements Asked {}

    /// A person's answer to what a run waits for.
    ///
    /// @param inputId `RUN.input.N`
    record Approval(String inputId, boolean approves, @Nullable String reason) implements Asked {}
  }

  private static final String INPUT = "input";

  /// @return null when everything that is asked for is known here
  static @Nullable Refusal refusal(ObjectNode body) {
    JsonNode tools = body.path("tools");
    if (tools.isArray() ? !tools.isEmpty() : isGiven(tools)) {
      return OpenAiWording.unsupported("tools");
    }
    for (String name : List.of("instructions", "prompt")) {
      if (isGiven(body.path(name))) {
        return OpenAiWording.unsupported(name);
      }
    }
    JsonNode model = body.path("model");
    if (isGiven(model) && !model.asText().equals(ResponseState.MODEL)) {
      return OpenAiWording.coded(
          404, "model_not_found", "model", "There is one model here: " + ResponseState.MODEL + ".");
    }
    if (isGiven(body.path("conversation")) && isGiven(body.path("previous_response_id"))) {
      return OpenAiWording.coded(
          400,
          "mutually_exclusive_parameters",
          "previous_response_id",
          "Give either conversation or previous_response_id.");
    }
    if (!isGiven(body.path(INPUT))) {
      return OpenAiWording.coded(400, "missing_required_parameter", INPUT, "input is required.");
    }
    return null;
  }

  private static boolean isGiven(JsonNode value) {
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isTextual() && value.asText().isEmpty());
  }

  /// @throws InvalidField when something has the wrong type
  static CreateRequest of(ObjectNode body) {
    return new CreateRequest(
        asked(body.path(INPUT)),
        conversation(body.path("conversation")),
        previous(body.path("previous_response_id")),
        flag(body, "background"),
        flag(body, "stream"),
        onBusy(body.path("metadata")));
  }

  private static Asked asked(JsonNode input) {
    if (input.isTextual()) {
      return new Asked.Question(input.textValue());
    }
    if (!input.isArray()) {
      throw new InvalidField(INPUT, "input must be a text or a list of items");
    }
    for (int i = input.size() - 1; i >= 0; i--) {
      JsonNode item = input.get(i);
      if (item.path("type").asText().equals("mcp_approval_response")) {
        return approval(item);
      }
      if (item.path("role").asText().equals("user")) {
        return new Asked.Question(text(item.path("content")));
      }
    }
    throw new InvalidField(INPUT, "input has no message of role user");
  }

  private static Asked approval(JsonNode item) {
    JsonNode id = item.path("approval_request_id");
    if (!id.isTextual() || !item.path("approve").isBoolean()) {
      throw new InvalidField(
          INPUT, "an mcp_approval_response needs approval_request_id and approve");
    }
    JsonNode reason = item.path("reason");
    return new Asked.Approval(
        id.textValue(),
        item.path("approve").booleanValue(),
        reason.isTextual() ? reason.textValue() : null);
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("input_text") || !part.path("text").isTextual()) {
        throw new InvalidField(INPUT, "the parts of a message must be input_text");
      }
      texts.add(part.path("text").textValue());
    }
    return String.join("\n", texts);
  }

  private static @Nullable String conversation(JsonNode given) {
    JsonNode id = given.isObject() ? given.path("id") : given;
    if (!isGiven(given)) {
      return null;
    }
    if (!id.isTextual()) {
      throw new InvalidField("conversation", "conversation must be an id");
    }
    return SessionId.checked("conversation", id.textValue());
  }

  private static @Nullable ResponseId previous(JsonNode given) {
    if (!isGiven(given)) {
      return null;
    }
    ResponseId id = ResponseId.of(given.asText());
    if (id == null) {
      throw new InvalidField("previous_response_id", "previous_response_id is no response's id");
    }
    return id;
  }

  private static boolean flag(ObjectNode body, String name) {
    JsonNode value = body.path(name);
    if (!isGiven(value)) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new InvalidField(name, name + " must be true or false");
    }
    return value.booleanValue();
  }

  private static @Nullable String onBusy(JsonNode metadata) {
    if (!isGiven(metadata)) {
      return null;
    }
    if (!metadata.isObject()) {
      throw new InvalidField("metadata", "metadata must be an object");
    }
    JsonNode value = metadata.path("on_busy");
    if (isGiven(value) && !value.isTextual()) {
      throw new InvalidField("on_busy", "on_busy must be reject, enqueue or interrupt");
    }
    return isGiven(value) ? value.textValue() : null;
  }

  /// The session that it names; null for one that is to be made up.
  @Nullable String sessionId() {
    return previous == null ? conversation : previous.sessionId();
  }

  /// As the native API takes a question.
  ObjectNode run(String question) {
    ObjectNode run = Json.object().put("question", question);
    String sessionId = sessionId();
    if (sessionId != null) {
      run.put("session_id", sessionId);
    }
    if (onBusy != null) {
      run.put("on_busy", onBusy);
    }
    return run;
  }
}
