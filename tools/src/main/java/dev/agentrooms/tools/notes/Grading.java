package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.Locale;
import java.util.Map;

/// Grades answers by the key that was kept when the exam was made, and by nothing else.
///
/// A key is `{"q1": {"right": "b", "text": "Osmosis", "source": "cells.md"}, …}`.
final class Grading {

  private Grading() {}

  /// The name under which the key of an exam is kept with its session.
  static String keyOf(String examId) {
    return "exam:" + examId;
  }

  static ObjectNode grade(String examId, JsonNode key, JsonNode answers) {
    ObjectNode grade = Json.object().put("exam_id", examId);
    int score = 0;
    ArrayNode items = Json.mapper().createArrayNode();
    for (Map.Entry<String, JsonNode> each : key.properties()) {
      JsonNode expected = each.getValue();
      String right = expected.path("right").asText();
      String given = answers.path(each.getKey()).asText("").strip().toLowerCase(Locale.ROOT);
      boolean isCorrect = right.equals(given);
      score += isCorrect ? 1 : 0;
      items
          .addObject()
          .put("question_id", each.getKey())
          .put("correct", isCorrect)
          .put("expected", right)
          .put(
              "comment",
              expected.path("text").asText() + " (" + expected.path("source").asText() + ")");
    }
    grade.put("score", score).put("max_score", key.size());
    return grade.set("items", items);
  }
}
