package dev.agentrooms.agent.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// A quiz, or its grade, as text that a person can read.
///
/// ```
/// Photosynthesis
///
/// 1. What does a leaf take in?
///    a) Oxygen
///    b) Carbon dioxide
/// ```
final class QuizText {

  private QuizText() {}

  static String quiz(JsonNode quiz) {
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

  static String grade(JsonNode grade) {
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
