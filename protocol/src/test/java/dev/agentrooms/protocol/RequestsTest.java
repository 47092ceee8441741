package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each field of each request with an invalid value: the refusal names it.
@Tag("unit")
class RequestsTest {

  private static final String RUN =
      """
      {"session_id":"quiz1","question":"Why?","on_busy":"enqueue","num_questions":5,
       "submission":{"exam_id":"e","answers":{"q1":"a"}}}
      """;

  private static final String EVENT =
      """
      {"event_id":"e1","ts":"2026-11-22T10:00:00Z","session_id":"quiz1","run_id":"r","step":"s",
       "tool":"t","level":"info","message":"m","meta":{}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "session_id|5",
        "session_id|\"\"",
        "session_id|\"-x\"",
        "session_id|\"a b\"",
        "question|null",
        "question|5",
        "question|\"\"",
        "question|\" \\n\\t\"",
        "question|\"\\ud800\"",
        "question|[\"Why?\"]",
        "on_busy|\"wait\"",
        "on_busy|\"ENQUEUE\"",
        "on_busy|1",
        "num_questions|0",
        "num_questions|51",
        "num_questions|5.5",
        "num_questions|\"5\"",
        "num_questions|1e999999999",
        "num_questions|-1e999999999",
        "num_questions|true",
        "submission|5",
        "submission|[]",
        "submission|\"x\"",
        "submission.exam_id|null",
        "submission.exam_id|5",
        "submission.exam_id|\"\"",
        "submission.exam_id|\" \"",
        "submission.answers|null",
        "submission.answers|[]",
        "submission.answers|\"a\"",
        "submission.answers.q1|5",
        "submission.answers.q1|null",
        "submission.answers.q1|{}",
        "submission.answers.q1|\"\\udc00\"",
      })
  void aWrongFieldOfARunIsNamed(String field, String value) {
    assertThat(refusal(with(RUN, field, value), RunRequest::from).field()).isEqualTo(field);
  }

  static Stream<Arguments> oversized() {
    return Stream.of(
        Arguments.of(RUN, "question", 8000, (Function<Fields, Object>) RunRequest::from),
        Arguments.of(RUN, "submission.exam_id", 256, (Function<Fields, Object>) RunRequest::from),
        Arguments.of(
            RUN, "submission.answers.q1", 8000, (Function<Fields, Object>) RunRequest::from),
        Arguments.of(EVENT, "event_id", 128, (Function<Fields, Object>) ProgressEvent::from),
        Arguments.of(EVENT, "run_id", 128, (Function<Fields, Object>) ProgressEvent::from),
        Arguments.of(EVENT, "step", 64, (Function<Fields, Object>) ProgressEvent::from),
        Arguments.of(EVENT, "tool", 128, (Function<Fields, Object>) ProgressEvent::from));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("oversized")
  void aFieldOfItsLongestLengthIsTakenAndALongerOneIsNamed(
      String json, String field, int longest, Function<Fields, Object> reader) {
    String fits = with(json, field, "\"" + "x".repeat(longest) + "\"");
    assertThat(reader.apply(Json.parseObject(fits.getBytes(UTF_8)))).isNotNull();
    String tooLong = with(json, field, "\"" + "x".repeat(longest + 1) + "\"");
    assertThat(refusal(tooLong, reader).field()).isEqualTo(field);
  }

  @Test
  void aQuestionOf8000CharactersOutsideTheBasicPlaneIsTaken() {
    String json = with(RUN, "question", "\"" + "🌱".repeat(8000) + "\"");
    assertThat(RunRequest.from(Json.parseObject(json.getBytes(UTF_8))).question()).hasSize(16_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "event_id|null",
        "event_id|1",
        "event_id|\"\"",
        "ts|null",
        "ts|\"now\"",
        "ts|1795341600000",
        "ts|\"+10000-01-01T00:00:00Z\"",
        "ts|\"9999-12-31T23:59:59.999-00:01\"",
        "ts|\"+999999999-12-31T23:59:59Z\"",
        "ts|\"-0001-12-31T23:59:59Z\"",
        "ts|\"-10000-01-01T00:00:00Z\"",
        "ts|\"0000-01-01T00:00:00+00:01\"",
        "session_id|null",
        "session_id|\"ä\"",
        "run_id|7",
        "step|null",
        "step|\"\"",
        "step|\"Start\"",
        "step|\"a b\"",
        "step|\"a-b\"",
        "step|\"ф\"",
        "tool|{}",
        "level|\"fatal\"",
        "level|0",
        "message|5",
        "message|\"\\ud800\"",
        "meta|5",
        "meta|[]",
        "meta|\"{}\"",
        "meta|{\"a\":[\"\\ud800\"]}",
      })
  void aWrongFieldOfAnEventIsNamed(String field, String value) {
    assertThat(refusal(with(EVENT, field, value), ProgressEvent::from).field()).isEqualTo(field);
  }

  @Test
  void whatARoomAddsToAnEventIsIgnoredFromAProducer() {
    ObjectNode event = (ObjectNode) Json.parse(EVENT.getBytes(UTF_8));
    event.put("seq", "x").put("epoch", 5).put("type", "reset");
    assertThat(ProgressEvent.from(Fields.of(event)))
        .isEqualTo(ProgressEvent.from(Json.parseObject(EVENT.getBytes(UTF_8))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"session_id|null", "session_id|7", "run_id|7", "run_id|\"\"", "run_id|\"../x\""})
  void aWrongFieldOfACancelIsNamed(String field, String value) {
    String json = with("{\"session_id\":\"quiz1\",\"run_id\":\"r\"}", field, value);
    assertThat(refusal(json, CancelRequest::from).field()).isEqualTo(field);
  }

  @Test
  void theRefusalOfAnAnswerNamesItAndCanBeWritten() {
    for (String name : new String[] {"q1", "🌱".repeat(300), " "}) {
      for (String value : new String[] {"5", "\"\\ud800\"", "{}"}) {
        String json =
            with(
                RUN,
                "submission",
                "{\"exam_id\":\"e\",\"answers\":{\"" + name + "\":" + value + "}}");
        InvalidField refusal = refusal(json, RunRequest::from);
        assertThat(refusal.field()).startsWith("submission.answers").hasSizeLessThan(200);
        Problem problem = Problem.of(400, "Invalid request", refusal.detail());
        assertThat(Json.encode(problem.with("field", refusal.field()))).isNotEmpty();
      }
    }
  }

  private static String with(String json, String path, String value) {
    ObjectNode root = (ObjectNode) Json.parse(json.getBytes(UTF_8));
    ObjectNode parent = root;
    String[] names = path.split("\\.");
    for (int i = 0; i + 1 < names.length; i++) {
      parent = (ObjectNode) parent.get(names[i]);
    }
    parent.set(names[names.length - 1], Json.parse(value.getBytes(UTF_8)));
    // As text once more, with what UTF-8 does not have as escapes.
    StringBuilder text = new StringBuilder();
    root.toString()
        .chars()
        .forEach(
            c ->
                text.append(
                    Character.isSurrogate((char) c) ? "\\u%04x".formatted(c) : "" + (char) c));
    return text.toString();
  }

  private static InvalidField refusal(String json, Function<Fields, ?> reader) {
    try {
      throw new AssertionError("read as " + reader.apply(Json.parseObject(json.getBytes(UTF_8))));
    } catch (InvalidField e) {
      return e;
    }
  }
}
