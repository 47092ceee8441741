package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class FingerprintTest {

  static Stream<Arguments> same() {
    return Stream.of(
        Arguments.of("{\"a\":1,\"b\":2}", "{ \"b\" : 2, \"a\" : 1 }"),
        Arguments.of("{\"a\":1}", "{\"a\":1.0}"),
        Arguments.of("{\"a\":1}", "{\"a\":1e0}"),
        Arguments.of("{\"a\":100}", "{\"a\":1e2}"),
        Arguments.of("{\"a\":0}", "{\"a\":-0.00}"),
        Arguments.of("{\"a\":1e999999999}", "{\"a\":10e999999998}"),
        Arguments.of("{\"a\":1}", "{\"a\":1,\"b\":null}"),
        Arguments.of("{\"a\":{\"x\":null}}", "{\"a\":{}}"),
        Arguments.of("\"\\u0061\"", "\"a\""),
        Arguments.of("\"\\ud83c\\udf31\"", "\"🌱\""),
        Arguments.of("{\"a\":1,\"a\":2}", "{\"a\":2}"));
  }

  @ParameterizedTest
  @MethodSource("same")
  void theSameValueHasOne(String one, String other) {
    assertThat(of(one)).isEqualTo(of(other)).matches("[0-9a-f]{64}");
  }

  static Stream<Arguments> different() {
    return Stream.of(
        Arguments.of("{\"a\":1}", "{\"a\":2}"),
        Arguments.of("{\"a\":1}", "{\"b\":1}"),
        Arguments.of("{\"a\":1}", "{\"a\":\"1\"}"),
        Arguments.of("{\"a\":true}", "{\"a\":\"true\"}"),
        Arguments.of("{\"a\":null}", "[null]"),
        Arguments.of("[null]", "[]"),
        Arguments.of("[1,2]", "[2,1]"),
        Arguments.of("[[1],2]", "[[1,2]]"),
        Arguments.of("[\"ab\",\"c\"]", "[\"a\",\"bc\"]"),
        Arguments.of("{\"a\":\"b\"}", "[\"a\",\"b\"]"),
        Arguments.of("{}", "[]"),
        Arguments.of("\"\"", "null"),
        Arguments.of("1", "1.0000000000000000000000001"),
        Arguments.of("1e999999999", "1e-999999999"),
        Arguments.of("\"a\"", "\"A\""),
        Arguments.of("\"\\ud800\"", "\"?\""),
        Arguments.of("\"\\ud800\"", "\"\\ud801\""));
  }

  @ParameterizedTest
  @MethodSource("different")
  void differentValuesHaveDifferentOnes(String one, String other) {
    assertThat(of(one)).isNotEqualTo(of(other));
  }

  @Test
  void textsHaveOneToo() {
    assertThat(Fingerprint.of("key"))
        .isEqualTo("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683");
  }

  private static String of(String json) {
    return Fingerprint.of(Json.parse(json.getBytes(UTF_8)));
  }
}
