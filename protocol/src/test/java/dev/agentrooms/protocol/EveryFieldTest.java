package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every field of every input, with values of every type: it is accepted, or named in the refusal.
@Tag("unit")
class EveryFieldTest {

  private enum Shape {
    ABSENT(""),
    NULL("null"),
    BOOLEAN("true", "false"),
    INTEGER("1", "5", "5.0", "5e0"),
    OTHER_NUMBER("-1", "0.5", "1e999999999", "-1e-999999999", "9223372036854775808", "1e99"),
    EMPTY("\"\""),
    BLANK("\" \"", "\"\\n\\t\""),
    WORD("\"x\"", "\"info2\"", "\"true\""),
    NUMERAL("\"5\""),
    SENTENCE("\"two words\"", "\"\\u0000\"", "\"🌱\""),
    HALF("\"\\ud800\"", "\"x\\udc00\""),
    ARRAY("[]", "[\"x\"]", "[null]", Nested.ARRAYS.json(98)),
    EMPTY_OBJECT("{}"),
    OBJECT("{\"a\":1}", "{\"x\":{\"y\":[null]}}", Nested.OBJECTS.json(99), Nested.OBJECTS.json(50)),
    HALF_WITHIN("{\"a\":\"\\ud800\"}", "{\"a\":[{\"b\":\"\\udc00\"}]}");

    private final List<String> values;

    Shape(String... values) {
      this.values = List.of(values);
    }
  }

  private static final Set<Shape> OPTIONAL = Set.of(Shape.ABSENT, Shape.NULL);
  private static final Set<Shape> WORDS = Set.of(Shape.WORD, Shape.NUMERAL);
  private static final Set<Shape> TEXT = Set.of(Shape.WORD, Shape.NUMERAL, Shape.SENTENCE);
  private static final Set<Shape> ANY_TEXT =
      Set.of(Shape.EMPTY, Shape.BLANK, Shape.WORD, Shape.NUMERAL, Shape.SENTENCE);

  /// @param valid an object with every field
  /// @param fields each with the shapes in which it is taken
  record Message(
      String name, String valid, Function<Fields, ?> reader, Map<String, Set<Shape>> fields) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Message> MESSAGES =
      List.of(
          new Message(
              "progress event",
              """
              {"event_id":"e1","ts":"2026-11-22T10:00:00Z","session_id":"quiz1","run_id":"r",
               "step":"s","tool":"t","level":"info","message":"m","meta":{}}""",
              ProgressEvent::from,
              Map.of(
                  "event_id", TEXT,
                  "ts", Set.of(),
                  "session_id", WORDS,
                  "run_id", or(OPTIONAL, TEXT),
                  "step", WORDS,
                  "tool", or(OPTIONAL, TEXT),
                  "level", OPTIONAL,
                  "message", or(OPTIONAL, ANY_TEXT),
                  "meta", or(OPTIONAL, Set.of(Shape.EMPTY_OBJECT, Shape.OBJECT)))),
          new Message(
              "run",
              """
              {"session_id":"quiz1","question":"Why?","on_busy":"enqueue","num_questions":5,
               "submission":{"exam_id":"e","answers":{"q1":"a"}}}""",
              RunRequest::from,
              Map.of(
                  "session_id", or(OPTIONAL, WORDS),
                  "question", TEXT,
                  "on_busy", OPTIONAL,
                  "num_questions", or(OPTIONAL, Set.of(Shape.INTEGER)),
                  "submission", OPTIONAL)),
          new Message(
              "cancel",
              "{\"session_id\":\"quiz1\",\"run_id\":\"r\"}",
              CancelRequest::from,
              Map.of("session_id", WORDS, "run_id", or(OPTIONAL, WORDS))),
          new Message(
              "subscribe",
              """
              {"cmd":"subscribe","session_id":"quiz1","after":3,"epoch":"e","token":"t"}""",
              fields -> ClientCommand.parse(Json.encode(fields.node())),
              Map.of(
                  "cmd", Set.of(),
                  "session_id", WORDS,
                  "after", or(OPTIONAL, Set.of(Shape.INTEGER)),
                  "epoch", or(OPTIONAL, TEXT),
                  "token", or(OPTIONAL, TEXT))));

  static Stream<Arguments> everyField() {
    return MESSAGES.stream()
        .flatMap(message -> message.fields.keySet().stream().map(f -> Arguments.of(message, f)));
  }

  @ParameterizedTest(name = "{1} of {0}")
  @MethodSource("everyField")
  void aFieldIsTakenInItsShapesAndNamedInAllOthers(Message message, String field) {
    Set<Shape> taken = message.fields.getOrDefault(field, Set.of());
    for (Shape shape : Shape.values()) {
      for (String value : shape.values) {
        String json = with(message.valid, field, value);
        String refusal = refusal(json, message.reader);
        if (taken.contains(shape)) {
          assertThat(refusal).as(json).isNull();
        } else if (shape == Shape.HALF || shape == Shape.HALF_WITHIN) {
          // Of a command it is the whole that cannot be written again, here in the test.
          assertThat(refusal).as(json).isNotNull();
        } else {
          assertThat(refusal).as(json).matches(field + "(\\..*)?");
        }
      }
    }
  }

  @Test
  void theYearsOfATimeAreThoseOfFourDigits() {
    for (String ts :
        List.of(
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59+00:01",
            "0000-01-01T00:01:00+00:01")) {
      assertThat(refusal(with(MESSAGES.getFirst().valid, "ts", "\"" + ts + "\""), this::again))
          .as(ts)
          .isNull();
    }
  }

  private ProgressEvent again(Fields fields) {
    return ProgressEvent.from(Json.parseObject(Json.encode(ProgressEvent.from(fields))));
  }

  private static Set<Shape> or(Set<Shape> some, Set<Shape> others) {
    List<Shape> all = new ArrayList<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  private static String with(String json, String field, String value) {
    ObjectNode object = (ObjectNode) Json.parse(json.getBytes(UTF_8));
    object.remove(field);
    String rest = object.toString();
    return value.isEmpty() ? rest : "{\"" + field + "\":" + value + "," + rest.substring(1);
  }

  /// The field that is named; null when all is taken, and can be written.
  private static @Nullable String refusal(String json, Function<Fields, ?> reader) {
    try {
      JsonNode read = Json.parse(json.getBytes(UTF_8));
      assertThat(Json.encode(reader.apply(Fields.of(read)))).isNotEmpty();
      return null;
    } catch (InvalidField e) {
      return e.field();
    } catch (java.io.UncheckedIOException e) {
      return "unwritable";
    }
  }
}
