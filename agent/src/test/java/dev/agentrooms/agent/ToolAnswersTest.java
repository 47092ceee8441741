package dev.agentrooms.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ToolAnswersTest {

  @ParameterizedTest
  @EnumSource
  void whatAToolShouldAnswerIsTakenWithWhatIsNotKnownHere(Tool tool) {
    ObjectNode answer = Given.answer(tool).deepCopy();
    answer.put("model", "x-1").putObject("usage").put("tokens", 1.50);
    assertThat(ToolAnswers.checked(tool, Json.encode(answer)))
        .isEqualTo(Json.parse(Json.encode(answer)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "RAG_SEARCH|chunks|{}",
        "RAG_SEARCH|chunks|{\"chunks\":null}",
        "RAG_SEARCH|chunks|{\"chunks\":{}}",
        "RAG_SEARCH|chunks[0]|{\"chunks\":[1]}",
        "RAG_SEARCH|chunks[0].text|{\"chunks\":[{\"id\":\"c\"}]}",
        "RAG_SEARCH|chunks[1].id|{\"chunks\":[{\"id\":\"c\",\"text\":\"\"},{\"text\":\"t\"}]}",
        "RAG_SEARCH|chunks[0].id|{\"chunks\":[{\"id\":5,\"text\":\"t\"}]}",
        "RAG_ANSWER|answer|{\"chunks\":[]}",
        "RAG_ANSWER|answer|{\"answer\":5,\"chunks\":[]}",
        "RAG_ANSWER|chunks|{\"answer\":\"a\"}",
        "GENERATE_EXAM|exam_id|{\"title\":\"t\",\"questions\":[]}",
        "GENERATE_EXAM|title|{\"exam_id\":\"e\",\"questions\":[]}",
        "GENERATE_EXAM|questions|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[]}",
        "GENERATE_EXAM|questions[0].options|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\"}]}",
        "GENERATE_EXAM|questions[0].options|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{}}]}",
        "GENERATE_EXAM|questions[0].options|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{\"a\":1}}]}",
        "GRADE_EXAM|score|{\"exam_id\":\"e\",\"max_score\":1,\"items\":[]}",
        "GRADE_EXAM|score|{\"exam_id\":\"e\",\"score\":1e999999999,\"max_score\":1,\"items\":[]}",
        "GRADE_EXAM|max_score|{\"exam_id\":\"e\",\"score\":1,\"max_score\":\"1\",\"items\":[]}",
        "GRADE_EXAM|items[0].question_id|{\"exam_id\":\"e\",\"score\":1,\"max_score\":1,\"items\":[{}]}",
        "GRADE_EXAM||[]",
        "GRADE_EXAM||{\"x\":\"\\ud800\"}",
      })
  void anAnswerOfAnotherShapeIsRefusedByField(Tool tool, String field, String answer) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> ToolAnswers.checked(tool, answer.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field == null ? "" : field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"chunks\":[", "{}{}", "ok"})
  void garbageIsMalformed(String answer) {
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> ToolAnswers.checked(Tool.RAG_SEARCH, answer.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "0", "{\"a\":0}"})
  void anAnswerOfManySmallPartsIsRefused(String part) {
    assertThat(ToolAnswers.checked(Tool.RAG_SEARCH, ofParts(part, 20_000))).isNotNull();
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> ToolAnswers.checked(Tool.RAG_SEARCH, ofParts(part, 250_000)))
        .satisfies(e -> assertThat(e.detail()).startsWith("It has more than 200000 brackets"));
  }

  private static byte[] ofParts(String part, int times) {
    return ("{\"chunks\":[],\"x\":[" + part + ("," + part).repeat(times) + "]}").getBytes(UTF_8);
  }
}
