package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class FieldsTest {

  private static final long LAST = Long.MAX_VALUE;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5|5",
        "5.0|5",
        "5e0|5",
        "50e-1|5",
        "-3|-3",
        "0|0",
        "-0.0|0",
        "9223372036854775807|9223372036854775807",
        "-9223372036854775808|-9223372036854775808",
      })
  void aWholeNumberIsAnIntegerHoweverItIsWritten(String json, long value) {
    assertThat(fields("{\"n\":" + json + "}").optionalLong("n", Long.MIN_VALUE, LAST))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5.5",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "9223372036854775808",
        "-9223372036854775809",
        "1e400",
        "\"5\"",
        "true",
        "[5]",
        "{}",
      })
  void anythingElseIsNone(String json) {
    assertThat(
            refusal("{\"n\":" + json + "}", f -> f.optionalLong("n", Long.MIN_VALUE, LAST)).field())
        .isEqualTo("n");
  }

  @Test
  void integersHaveBounds() {
    assertThat(fields("{\"n\":1}").optionalInt("n", 1, 50)).isEqualTo(1);
    assertThat(fields("{\"n\":50}").optionalInt("n", 1, 50)).isEqualTo(50);
    for (String json : new String[] {"0", "51", "-1", "4294967297"}) {
      assertThat(refusal("{\"n\":" + json + "}", f -> f.optionalInt("n", 1, 50)).detail())
          .isEqualTo("n must be from 1 to 50");
    }
  }

  @Test
  void absentAndNullAreTheSame() {
    for (String json : new String[] {"{}", "{\"x\":null}"}) {
      Fields fields = fields(json);
      assertThat(fields.optionalText("x", 1, 5)).isNull();
      assertThat(fields.optionalLong("x", 0, 5)).isNull();
      assertThat(fields.optionalInt("x", 0, 5)).isNull();
      assertThat(fields.optionalObject("x")).isNull();
      assertThat(fields.optionalFields("x")).isNull();
      assertThat(fields.optionalSessionId()).isNull();
      assertThat(fields.oneOf("x", Level.class, Level.INFO)).isEqualTo(Level.INFO);
      assertThat(refusal(json, f -> f.text("x", 1, 5)).detail()).isEqualTo("x is required");
      assertThat(refusal(json, f -> f.number("x")).detail()).isEqualTo("x is required");
      assertThat(refusal(json, f -> f.time("x")).detail()).isEqualTo("x is required");
      assertThat(refusal(json, f -> f.fields("x")).detail()).isEqualTo("x is required");
      assertThat(refusal(json, f -> f.objects("x", e -> e)).detail()).isEqualTo("x is required");
    }
  }

  @Test
  void lengthsCountCodePoints() {
    assertThat(fields("{\"x\":\"🌱🌱🌱\"}").text("x", 3, 3)).isEqualTo("🌱🌱🌱");
    assertThat(refusal("{\"x\":\"🌱🌱🌱🌱\"}", f -> f.text("x", 1, 3)).detail())
        .isEqualTo("x must have 1 to 3 characters, and has 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "true", "[]", "{}", "\"\"", "\" \"", "\"\\u2003\\n\"", "\"abcdef\""})
  void aTextThatIsNoneEmptyBlankOrTooLongIsRefused(String json) {
    assertThat(refusal("{\"x\":" + json + "}", f -> f.text("x", 1, 5)).field()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "a\\ud800b", "\\udc00\\ud800", "\\ud83c\\ud83c"})
  void halfOfASurrogatePairIsRefused(String escaped) {
    assertThat(refusal("{\"x\":\"" + escaped + "\"}", f -> f.text("x", 0, 9)).detail())
        .isEqualTo("x has half of a surrogate pair");
  }

  @Test
  void anEscapedPairIsACharacter() {
    assertThat(fields("{\"x\":\"\\ud83c\\udf31\"}").text("x", 1, 1)).isEqualTo("🌱");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T10:00:00Z, 2026-11-22T10:00:00Z",
    "2026-11-22T10:00:00.123456789Z, 2026-11-22T10:00:00.123456789Z",
    "2026-11-22T13:00:00+03:00, 2026-11-22T10:00:00Z",
    "2026-11-22T10:00Z, 2026-11-22T10:00:00Z",
  })
  void timesHaveAnOffset(String text, Instant instant) {
    assertThat(fields("{\"t\":\"" + text + "\"}").time("t")).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T10:00:00",
        "2026-11-22",
        "10:00",
        "2026-13-22T10:00:00Z",
        "2026-02-30T10:00:00Z",
        "yesterday",
        "1795341600000",
        "2026-11-22T10:00:00+99:00",
        "+9999999999-01-01T00:00:00Z",
      })
  void otherTimesAreRefused(String text) {
    assertThat(refusal("{\"t\":\"" + text + "\"}", f -> f.time("t")).field()).isEqualTo("t");
  }

  @Test
  void theExtremesOfTimeCanBeWrittenAgain() {
    for (String text : new String[] {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"}) {
      Instant time = fields("{\"t\":\"" + text + "\"}").time("t");
      assertThat(new String(Json.encode(time), UTF_8)).isEqualTo("\"" + text + "\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"INFO\"", "\"Info\"", "\"\"", "\"debug\"", "1", "[\"info\"]"})
  void aWordOutsideTheListIsRefusedWithTheList(String json) {
    assertThat(refusal("{\"l\":" + json + "}", f -> f.oneOf("l", Level.class, Level.INFO)).detail())
        .isEqualTo("l must be one of info, warning, error");
  }

  @Test
  void numbersAreFinite() {
    assertThat(fields("{\"n\":2.5}").number("n")).isEqualTo(2.5);
    for (String json : new String[] {"1e999999999", "-1e400", "\"1\"", "true"}) {
      assertThat(refusal("{\"n\":" + json + "}", f -> f.number("n")).field()).isEqualTo("n");
    }
  }

  @Test
  void nestedFieldsAreNamedByTheirPath() {
    String json = "{\"a\":{\"b\":{\"c\":5}}}";
    assertThat(refusal(json, f -> f.fields("a").fields("b").text("c", 1, 2)).field())
        .isEqualTo("a.b.c");
    assertThat(refusal(json, f -> f.fields("a").fields("b").text("d", 1, 2)).detail())
        .isEqualTo("a.b.d is required");
    assertThat(refusal("{\"a\":[]}", f -> f.fields("a")).detail()).isEqualTo("a must be an object");
  }

  @Test
  void elementsAreNamedByTheirIndex() {
    assertThat(fields("{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}]}").objects("a", e -> e.text("b", 1, 1)))
        .containsExactly("x", "y");
    assertThat(
            refusal("{\"a\":[{\"b\":\"x\"},{}]}", f -> f.objects("a", e -> e.text("b", 1, 1)))
                .field())
        .isEqualTo("a[1].b");
    assertThat(refusal("{\"a\":[{},1]}", f -> f.objects("a", e -> "")).field()).isEqualTo("a[1]");
    assertThat(refusal("{\"a\":{}}", f -> f.objects("a", e -> "")).detail())
        .isEqualTo("a must be an array");
  }

  private static Fields fields(String json) {
    return Json.parseObject(json.getBytes(UTF_8));
  }

  private static InvalidField refusal(String json, Function<Fields, @Nullable Object> getter) {
    try {
      throw new AssertionError("read as " + getter.apply(fields(json)));
    } catch (InvalidField e) {
      return e;
    }
  }
}
