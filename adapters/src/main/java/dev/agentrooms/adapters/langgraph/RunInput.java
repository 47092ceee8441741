package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client of LangGraph asks for when it starts a run, as the native API takes it.
sealed interface RunInput {

  /// @param run the native request
  /// @param strategy what is done when the thread is busy, as LangGraph calls it
  record Start(ObjectNode run, String strategy, boolean makesThread, boolean cancelsAlone)
      implements RunInput {}

  /// An answer to what the thread's run waits for.
  ///
  /// @param resume as the client has it
  record Resume(JsonNode resume, boolean cancelsAlone) implements RunInput {}

  record Refused(Refusal why) implements RunInput {}

  List<String> UNSUPPORTED =
      List.of(
          "interrupt_before",
          "interrupt_after",
          "checkpoint",
          "checkpoint_id",
          "webhook",
          "after_seconds");

  Set<String> USERS = Set.of("user", "human");

  /// Members of an input that stand for themselves in the native API.
  List<String> NATIVE = List.of("num_questions", "submission", "workflow", "input");

  static RunInput of(String threadId, JsonNode body) {
    String assistant = body.path("assistant_id").asText("");
    if (!body.path("assistant_id").isTextual()) {
      return refused(unprocessable("assistant_id", "assistant_id is required."));
    }
    if (!Views.isAssistant(assistant)) {
      return refused(
          Refusal.of(404, "Not found", "There is no assistant " + assistant + ".", "assistant_id"));
    }
    for (String name : UNSUPPORTED) {
      if (isGiven(body.path(name))) {
        return refused(Refusal.unsupported(name));
      }
    }
    if (isGiven(body.at("/config/configurable/checkpoint_id"))) {
      return refused(Refusal.unsupported("checkpoint_id"));
    }
    boolean cancelsAlone = body.path("on_disconnect").asText("").equals("cancel");
    JsonNode command = body.path("command");
    if (isGiven(command)) {
      boolean isResume = command.hasNonNull("resume") && !isGiven(command.path("goto"));
      return isResume && !isGiven(command.path("update"))
          ? new Resume(command.path("resume"), cancelsAlone)
          : refused(Refusal.unsupported("command"));
    }
    String strategy = body.path("multitask_strategy").asText("enqueue");
    if (!Set.of("reject", "enqueue", "interrupt").contains(strategy)) {
      return refused(Refusal.unsupported("multitask_strategy"));
    }
    ObjectNode run = Json.object().put("session_id", threadId).put("on_busy", strategy);
    JsonNode input = body.path("input");
    Refusal wrong = input.has("messages") ? messages(input, run) : question(input, run);
    if (wrong != null) {
      return refused(wrong);
    }
    boolean makes = body.path("if_not_exists").asText("").equals("create");
    return new Start(run, strategy, makes, cancelsAlone);
  }

  private static RunInput refused(Refusal why) {
    return new Refused(why);
  }

  private static Refusal unprocessable(String field, String detail) {
    return Refusal.of(422, "Invalid request", detail, field);
  }

  private static boolean isGiven(JsonNode value) {
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isContainerNode() && value.isEmpty());
  }

  private static @Nullable Refusal messages(JsonNode input, ObjectNode run) {
    JsonNode messages = input.path("messages");
    JsonNode last = messages.isArray() ? messages.path(messages.size() - 1) : messages;
    String role = last.path("role").asText(last.path("type").asText("user"));
    if (!last.isObject() || !USERS.contains(role)) {
      return unprocessable("input", "The last of input.messages must be the user's.");
    }
    run.put("question", text(last.path("content")));
    return others(input, run);
  }

  private static @Nullable Refusal question(JsonNode input, ObjectNode run) {
    if (!input.isObject() || !input.path("question").isTextual()) {
      return unprocessable("input", "input must have messages or a question.");
    }
    run.set("question", input.path("question"));
    return others(input, run);
  }

  private static @Nullable Refusal others(JsonNode input, ObjectNode run) {
    for (String name : NATIVE) {
      if (input.hasNonNull(name)) {
        run.set(name, input.path(name));
      }
    }
    return null;
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.isTextual() ? part.textValue() : part.path("text").asText(""));
    }
    return text.toString();
  }

  /// What the native API says against the question or the run, in the words of this request.
  static Refusal worded(Refusal why) {
    return switch (why.field()) {
      case "question", "num_questions", "submission", "workflow" ->
          Refusal.of(why.status(), why.title(), why.detail(), "input");
      default -> why;
    };
  }

  /// The native answer that resumes what waits.
  ///
  /// @param resume what the person says, in any of the forms that clients have for it
  static ObjectNode answer(String threadId, String runId, String inputId, JsonNode resume) {
    JsonNode given = resume.isObject() && resume.has(inputId) ? resume.path(inputId) : resume;
    ObjectNode answer =
        Json.object().put("session_id", threadId).put("run_id", runId).put("input_id", inputId);
    if (given.isObject() && given.path("decision").isTextual()) {
      answer.set("decision", given.path("decision"));
      for (String name : List.of("value", "comment")) {
        if (given.hasNonNull(name)) {
          answer.set(name, given.path(name));
        }
      }
    } else if (given.isBoolean()) {
      answer.put("decision", given.booleanValue() ? "approve" : "reject");
    } else if (Set.of("approve", "reject").contains(given.asText(""))) {
      answer.put("decision", given.textValue());
    } else {
      answer.put("decision", "approve").set("value", given);
    }
    return answer;
  }
}
