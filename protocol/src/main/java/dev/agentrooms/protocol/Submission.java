package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A person's answers to an exam.
///
/// @param answers question id → option id, in the order in which they were given
public record Submission(String examId, Map<String, String> answers) {

  public Submission {
    answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
  }

  static @Nullable Submission from(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    String examId = fields.text("exam_id", 1, 256);
    ObjectNode given = fields.optionalObject("answers");
    if (given == null) {
      throw fields.invalid("answers", "is required");
    }
    Map<String, String> answers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> answer : given.properties()) {
      String name = "answers." + Text.cut(answer.getKey(), 64);
      if (!answer.getValue().isTextual()) {
        throw fields.invalid(name, "must be a string");
      }
      Text.checked("submission.answers", answer.getKey(), 1, 256);
      answers.put(
          answer.getKey(),
          Text.checked("submission." + name, answer.getValue().textValue(), 0, 8000));
    }
    return new Submission(examId, answers);
  }
}
