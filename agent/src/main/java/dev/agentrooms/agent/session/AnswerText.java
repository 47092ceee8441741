package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A run's result as text that a person can read: an answer as it is, a quiz with its questions, a
/// grade with its items.
///
/// ```
/// Photosynthesis
///
/// 1. What does a leaf take in?
///    a) Oxygen
///    b) Carbon dioxide
/// ```
public final class AnswerText {

  /// In bytes of UTF-8. What is longer is not shown.
  static final int MAX_BYTES = 64 * 1024;

  private AnswerText() {}

  /// @param result what a tool has answered, as [ToolAnswers] lets it through
  static String of(Intent intent, JsonNode result) {
    return switch (intent) {
      case CREATE_QUIZ -> quiz(result);
      case EVALUATE -> grade(result);
      case ANSWER -> result.path("answer").asText();
    };
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String quiz(JsonNode quiz) {
    StringBuilder text = new StringBuilder(quiz.path("title").asText());
    int number = 1;
    for (JsonNode question : quiz.path("questions")) {
      text.append(text.isEmpty() ? "" : "\n\n").append(number++).append(". ");
      text.append(question.path("text").asText());
      for (Map.Entry<String, JsonNode> option : question.path("options").properties()) {
        text.append("\n   ").append(option.getKey()).append(") ");
        text.append(option.getValue().asText());
      }
    }
    return text.toString();
  }

  private static String grade(JsonNode grade) {
    StringBuilder text = new StringBuilder("Score: ");
    text.append(grade.path("score").asText()).append(" of ");
    text.append(grade.path("max_score").asText());
    String before = "\n\n";
    for (JsonNode item : grade.path("items")) {
      text.append(before).append(item.path("question_id").asText()).append(": ");
      text.append(verdict(item));
      before = "\n";
    }
    return text.toString();
  }

  private static String verdict(JsonNode item) {
    JsonNode correct = item.path("correct");
    String expected = item.path("expected").asText("");
    String comment = item.path("comment").asText("");
    String word = correct.isBoolean() ? (correct.booleanValue() ? "right" : "wrong") : "?";
    return word
        + (word.equals("wrong") && !expected.isEmpty() ? ", expected " + expected : "")
        + (comment.isEmpty() ? "" : ". " + comment);
  }
}
