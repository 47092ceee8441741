package dev.agentrooms.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ToolAnswerTest {

  @ParameterizedTest
  @ValueSource(strings = {"rag_search", "rag_answer", "generate_exam", "grade_exam"})
  void whatAToolShouldAnswerIsTakenWithWhatIsNotKnownHere(String tool) {
    ObjectNode answer = Given.answer(tool).deepCopy();
    answer.put("model", "x-1").putObject("usage").put("tokens", 1.50);
    assertThat(Given.read(tool, Json.encode(answer))).isEqualTo(Json.parse(Json.encode(answer)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rag_search|chunks|{}",
        "rag_search|chunks|{\"chunks\":null}",
        "rag_search|chunks|{\"chunks\":{}}",
        "rag_search|chunks[0]|{\"chunks\":[1]}",
        "rag_search|chunks[0].text|{\"chunks\":[{\"id\":\"c\"}]}",
        "rag_search|chunks[1].id|{\"chunks\":[{\"id\":\"c\",\"text\":\"\"},{\"text\":\"t\"}]}",
        "rag_search|chunks[0].id|{\"chunks\":[{\"id\":5,\"text\":\"t\"}]}",
        "rag_answer|answer|{\"chunks\":[]}",
        "rag_answer|answer|{\"answer\":5,\"chunks\":[]}",
        "rag_answer|chunks|{\"answer\":\"a\"}",
        "generate_exam|exam_id|{\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{\"a\":\"b\"}}]}",
        "generate_exam|title|{\"exam_id\":\"e\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{\"a\":\"b\"}}]}",
        "generate_exam|questions|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[]}",
        "generate_exam|questions[0].options|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\"}]}",
        "generate_exam|questions[0].options|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{}}]}",
        "generate_exam|questions[0].options.a|{\"exam_id\":\"e\",\"title\":\"t\",\"questions\":[{\"id\":\"q\",\"text\":\"t\",\"options\":{\"a\":1}}]}",
        "grade_exam|score|{\"exam_id\":\"e\",\"max_score\":1,\"items\":[]}",
        "grade_exam|score|{\"exam_id\":\"e\",\"score\":1e999999999,\"max_score\":1,\"items\":[]}",
        "grade_exam|max_score|{\"exam_id\":\"e\",\"score\":1,\"max_score\":\"1\",\"items\":[]}",
        "grade_exam|items[0].question_id|{\"exam_id\":\"e\",\"score\":1,\"max_score\":1,\"items\":[{}]}",
        "grade_exam||[]",
        "grade_exam||{\"x\":\"\\ud800\"}",
      })
  void anAnswerOfAnotherShapeIsRefusedByField(String tool, String field, String answer) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Given.read(tool, answer.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field == null ? "" : field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"chunks\":[", "{}{}", "ok"})
  void garbageIsMalformed(String answer) {
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Given.read("rag_search", answer.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "0", "{\"a\":0}"})
  void anAnswerOfManySmallPartsIsRefused(String part) {
    assertThat(Given.read("rag_search", ofParts(part, 20_000))).isNotNull();
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Given.read("rag_search", ofParts(part, 250_000)))
        .satisfies(e -> assertThat(e.detail()).startsWith("It has more than 200000 brackets"));
  }

  private static byte[] ofParts(String part, int times) {
    return ("{\"chunks\":[],\"x\":[" + part + ("," + part).repeat(times) + "]}").getBytes(UTF_8);
  }
}
