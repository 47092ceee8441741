package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;

/// What each tool's answer must be like. Fields that are not known here are kept.
final class ToolAnswers {

  private static final int ANY_LENGTH = Integer.MAX_VALUE;
  // Each is some fifty bytes in memory. Ten thousand chunks have half as many.
  private static final int MAX_TOKENS = 200_000;

  private ToolAnswers() {}

  /// The answer as JSON.
  ///
  /// @throws MalformedJson when it is not JSON
  /// @throws InvalidField when it lacks what the tool has to answer
  static JsonNode checked(Tool tool, byte[] body) {
    Fields answer = Json.parseObject(body, MAX_TOKENS);
    if (!Text.isWellFormed(answer.node())) {
      throw new InvalidField("", "The answer has half of a surrogate pair.");
    }
    switch (tool) {
      case RAG_SEARCH -> answer.objects("chunks", ToolAnswers::chunk);
      case RAG_ANSWER -> {
        answer.text("answer", 0, ANY_LENGTH);
        answer.objects("chunks", ToolAnswers::chunk);
      }
      case GENERATE_EXAM -> {
        answer.text("exam_id", 1, 256);
        answer.text("title", 0, ANY_LENGTH);
        if (answer.objects("questions", ToolAnswers::question).isEmpty()) {
          throw answer.invalid("questions", "must not be empty");
        }
      }
      case GRADE_EXAM -> {
        answer.text("exam_id", 1, 256);
        answer.number("score");
        answer.number("max_score");
        answer.objects("items", item -> item.text("question_id", 1, 256));
      }
    }
    return answer.node();
  }

  private static String chunk(Fields chunk) {
    chunk.text("text", 0, ANY_LENGTH);
    return chunk.text("id", 1, 1000);
  }

  private static String question(Fields question) {
    question.text("text", 1, ANY_LENGTH);
    ObjectNode options = question.optionalObject("options");
    if (options == null || options.isEmpty()) {
      throw question.invalid("options", "must be an object that is not empty");
    }
    for (JsonNode option : options) {
      if (!option.isTextual()) {
        throw question.invalid("options", "must have strings as values");
      }
    }
    return question.text("id", 1, 256);
  }
}
