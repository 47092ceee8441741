package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.tools.Halves;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.model.ModelAnswer.Answered;
import dev.agentrooms.tools.model.ModelAnswer.Failed;
import dev.agentrooms.tools.model.ModelAnswer.ToolWish;
import dev.agentrooms.tools.model.ModelAnswer.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An answer as it comes together, from one message or from the pieces of a stream, and the
/// judgement on it. Only the first of several `choices` counts.
final class AnswerParts {

  private static final int MAX_CALLS = 128;

  private static final class Wish {
    String id = "";
    final StringBuilder name = new StringBuilder();
    final StringBuilder arguments = new StringBuilder();
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final Map<Integer, Wish> wishes = new TreeMap<>();
  private final int maxSize;
  private int size;
  private boolean hasChoice;
  private @Nullable String finish;
  private Usage usage = Usage.NONE;

  /// @param maxSize of all text in it, in bytes of UTF-8
  AnswerParts(int maxSize) {
    this.maxSize = maxSize;
  }

  /// Adds one chunk of a stream (`delta`), or a whole answer (`message`).
  ///
  /// @return whether something of the answer is in it
  boolean add(JsonNode chunk, String member) {
    if (chunk.path("usage").isObject()) {
      usage = Usage.of(chunk.get("usage"));
    }
    JsonNode choice = null;
    for (JsonNode each : chunk.path("choices")) {
      if (each.path("index").asInt(0) == 0) {
        choice = each;
        break;
      }
    }
    if (choice == null || !choice.isObject()) {
      return false;
    }
    hasChoice = true;
    boolean isToken = addMessage(choice.path(member));
    JsonNode reason = choice.path("finish_reason");
    if (reason.isTextual() && !reason.textValue().isEmpty()) {
      finish = reason.textValue();
      isToken = true;
    }
    return isToken;
  }

  private boolean addMessage(JsonNode message) {
    boolean isToken = append(text, message.path("content"));
    isToken |= append(refusal, message.path("refusal"));
    int next = 0;
    for (JsonNode piece : message.path("tool_calls")) {
      Wish wish = wishes.computeIfAbsent(piece.path("index").asInt(next), index -> new Wish());
      next++;
      if (piece.path("id").isTextual() && !piece.path("id").textValue().isEmpty()) {
        wish.id = piece.get("id").textValue();
      }
      append(wish.name, piece.path("function").path("name"));
      JsonNode arguments = piece.path("function").path("arguments");
      if (arguments.isObject()) {
        // Not what the API says, but what some servers do.
        wish.arguments.append(arguments);
        size += arguments.toString().length();
      } else {
        append(wish.arguments, arguments);
      }
      isToken = true;
    }
    // The thoughts of a model are not its answer, but it is not silent meanwhile.
    return isToken
        || !message.path("reasoning_content").asText("").isEmpty()
        || !message.path("reasoning").asText("").isEmpty();
  }

  private boolean append(StringBuilder to, JsonNode piece) {
    if (!piece.isTextual() || piece.textValue().isEmpty()) {
      return false;
    }
    to.append(piece.textValue());
    size += piece.textValue().getBytes(StandardCharsets.UTF_8).length;
    return true;
  }

  boolean isTooLarge() {
    return size > maxSize || wishes.size() > MAX_CALLS;
  }

  boolean hasFinished() {
    return finish != null;
  }

  StringBuilder text() {
    return text;
  }

  /// What the answer is, when nothing more of it comes.
  ModelAnswer judge() {
    if (!refusal.toString().isBlank() || "content_filter".equals(finish)) {
      return Failed.of(Reason.REFUSED, "The model refuses to answer.").having(shown());
    }
    if ("length".equals(finish)) {
      return Failed.of(Reason.TRUNCATED, "The model's answer is longer than the model may write.")
          .having(shown());
    }
    if (!hasChoice) {
      return invalid("It has no choices.");
    }
    List<ToolWish> calls = new ArrayList<>();
    for (Wish wish : wishes.values()) {
      if (wish.name.isEmpty()) {
        return invalid("It calls a tool without a name.");
      }
      String id = wish.id.isEmpty() ? "call_" + (calls.size() + 1) : wish.id;
      calls.add(new ToolWish(id, wish.name.toString(), wish.arguments.toString()));
    }
    if (calls.isEmpty() && shown().isBlank()) {
      return invalid("It is empty.");
    }
    return new Answered(shown(), null, calls, usage);
  }

  private String shown() {
    return Halves.mended(text.toString());
  }

  private Failed invalid(String why) {
    return invalidAnswer(why).having(shown());
  }

  static Failed invalidAnswer(String why) {
    return Failed.of(Reason.INVALID_ANSWER, "The model's answer is not what it should be: " + why);
  }
}
