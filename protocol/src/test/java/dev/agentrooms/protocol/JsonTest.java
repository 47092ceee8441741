package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\t ",
        "{",
        "}",
        "[",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1} x",
        "{\"a\":1}{",
        "{} {}",
        "1 2",
        "nul",
        "NaN",
        "Infinity",
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12\"",
        "// c\n{}",
        "/* c */{}",
        "# c",
        "1e99999999999999999999",
        "tru",
        "𝠀",
        "{\"a\":𝠀}",
        "日本",
      })
  void whatIsNotOneJsonValueIsMalformed(String text) {
    MalformedJson refusal = malformed(text.getBytes(UTF_8));
    assertThat(refusal.detail())
        .isNotBlank()
        .hasSizeLessThan(100)
        .doesNotContainIgnoringCase(
            "jackson", "stream", "feature", "source", "token", "expect", "CTRL", "code");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "an overlong slash,           22c0af22",
    "an overlong zero,            22c08022",
    "a lone continuation,         228022",
    "a sequence cut short,        22e28222",
    "half a surrogate pair,       22eda08022",
    "a pair of three-byte halves, 22eda080edb08022",
    "beyond the last code point,  22f490808022",
    "a byte that never occurs,    22ff22",
    "a zero byte in a text,       220022",
    "a zero byte behind it,       7b7d00",
    "Latin-1,                     22e922",
    "UTF-16 big endian,           fe ff 00 7b 00 7d",
    "UTF-16 without a mark,       00 7b 00 7d",
    "UTF-16 little endian,        7b 00 7d 00",
    "UTF-32,                      00 00 00 7b 00 00 00 7d",
  })
  void whatIsNotUtf8IsMalformed(String what, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(malformed(bytes).detail()).as(what).isEqualTo("It is not UTF-8 JSON.");
  }

  @Test
  void otherCharsetsAreNotGuessed() {
    for (Charset charset : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
      malformed("{\"question\":\"Почему?\"}".getBytes(charset));
    }
  }

  @Test
  void whiteSpaceAroundAndBetweenDoesNotMatter() {
    assertThat(Json.parse(" \r\n\t{ \"a\"\n:\t[ 1 , 2 ] }\n\n".getBytes(UTF_8)))
        .isEqualTo(Json.parse("{\"a\":[1,2]}".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 99, 100})
  void whatIsNestedNoDeeperThanTheBoundIsReadAndDigestedAndWritten(int depth) {
    for (Nested shape : Nested.values()) {
      byte[] json = shape.json(depth).getBytes(UTF_8);
      JsonNode value = Json.parse(json);
      assertThat(Json.encode(value)).isEqualTo(json);
      assertThat(Fingerprint.of(value)).hasSize(64);
      assertThat(Text.isWellFormed(value)).isTrue();
      assertThat(Json.isDeeper(value, depth)).isFalse();
      assertThat(Json.isDeeper(value, depth - 1)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 102, 500, 990, 1001, 30_000})
  void whatIsNestedDeeperIsMalformedAndSaysSo(int depth) {
    for (Nested shape : Nested.values()) {
      for (String json : List.of(shape.json(depth), shape.open(depth))) {
        assertThat(malformed(json.getBytes(UTF_8)).detail())
            .as("%s %d", shape, depth)
            .startsWith("It is nested more than 100 deep (line 1, column ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "[{}]", "0", "\"x\"", "{\"a\":0}"})
  void whatHasMorePartsThanItMayIsMalformedAndSaysSo(String part) {
    String many = "{\"all\":[" + part + ("," + part).repeat(99) + "]}";

    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.parseObject(many.getBytes(UTF_8), 100))
        .satisfies(
            e -> assertThat(e.detail()).startsWith("It has more than 100 brackets, names and"));
    assertThat(Json.parseObject(many.getBytes(UTF_8), 1000)).isNotNull();
  }

  @Test
  void whatAServerPutsAroundTheDeepestDataIsReadByItsClients() {
    byte[] view = ("{\"events\":[" + Nested.MIXED.json(100) + "]}").getBytes(UTF_8);
    assertThat(malformed(view).detail()).startsWith("It is nested more than 100 deep");
    assertThat(Json.encode(Json.parseAnswer(view))).isEqualTo(view);
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.parseAnswer(nested(30_000)));
  }

  @Test
  void aRecursionThatIsTooDeepIsAnExceptionAndNoError() {
    // Nothing that was read is like this.
    JsonNode deep = Json.mapper().nullNode();
    for (int i = 0; i < 200_000; i++) {
      deep = Json.mapper().createArrayNode().add(deep);
    }
    JsonNode value = deep;
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> Json.encode(value));
    assertThatIllegalArgumentException().isThrownBy(() -> Fingerprint.of(value));
    assertThatIllegalArgumentException().isThrownBy(() -> Text.isWellFormed(value));
    assertThat(Json.isDeeper(value, 100)).isTrue();
  }

  @Test
  void aNumberOfAThousandDigitsIsReadAndALongerOneIsNot() {
    assertThat(Json.parse("9".repeat(1000).getBytes(UTF_8)).isBigInteger()).isTrue();
    malformed("9".repeat(1001).getBytes(UTF_8));
    malformed(("0." + "9".repeat(60_000)).getBytes(UTF_8));
  }

  @Test
  void numbersComeOutAsTheyWentIn() {
    String text = "{\"a\":1.50,\"b\":1E+999999999,\"c\":0.1,\"d\":12345678901234567890}";
    assertThat(new String(Json.encode(Json.parse(text.getBytes(UTF_8))), UTF_8)).isEqualTo(text);
  }

  @Test
  void theReasonIsText() {
    // Jackson names what it met; neither half a character nor a page of it may get into an answer.
    for (String text :
        new String[] {
          "𝠀", "[𝠀", "x".repeat(5000), "x".repeat(186) + "日本", "\"" + "\\ud800" + "\" 𝠀", "tru𝠀"
        }) {
      MalformedJson refusal = malformed(text.getBytes(UTF_8));
      assertThat(Text.isWellFormed(refusal.detail())).as(text).isTrue();
      assertThat(Json.encode(Problem.of(400, "Malformed JSON", refusal.detail()))).isNotEmpty();
    }
  }

  @Test
  void theReasonSaysWhere() {
    assertThat(malformed("{\n  \"a\": x}".getBytes(UTF_8)).detail()).contains("line 2");
  }

  @Test
  void theLastOfTwoMembersOfOneNameCounts() {
    assertThat(Json.parse("{\"a\":1,\"a\":2}".getBytes(UTF_8)).get("a").intValue()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e9999999999", "[1e-9999999999]", "{\"meta\":{\"x\":1e99999999999999999999}}"})
  void anExponentThatNoNumberHoldsIsMalformed(String text) {
    assertThat(malformed(text.getBytes(UTF_8)).detail()).contains("exponent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"\\ud800\":1}", "{\"a\":{\"b\\udc00\":1}}"})
  void aNameWithHalfOfASurrogatePairIsMalformed(String text) {
    malformed(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"{}\"", "null", "true"})
  void anotherValueThanAnObjectIsNamedSo(String text) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Json.parseObject(text.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).isEmpty());
  }

  private static MalformedJson malformed(byte[] bytes) {
    try {
      throw new AssertionError("read as " + Json.parse(bytes));
    } catch (MalformedJson e) {
      return e;
    }
  }

  private static byte[] nested(int depth) {
    return Nested.ARRAYS.json(depth).getBytes(UTF_8);
  }
}
