package dev.agentrooms.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SessionIdTest {

  static Stream<String> valid() {
    return Stream.of("a", "Z", "0", "quiz1", "a.b_c:d-e", "9:...", "a".repeat(128));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void lettersDigitsAndFourSignsMakeAnId(String id) {
    assertThat(SessionId.checked("session_id", id)).isEqualTo(id);
  }

  static Stream<String> invalid() {
    return Stream.concat(
        Stream.of(".a", "_a", ":a", "-a", "a b", "a/b", "a?b", "a#b", "a%2fb", "a\n", "\na", "ä"),
        Stream.of("é1", "а", "a\u0000", "🌱", "", " ", "..", "a,b", "a;b", "a".repeat(129)));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void nothingElseDoes(String id) {
    assertThat(SessionId.isValid(id)).isFalse();
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> SessionId.checked("run_id", id))
        .satisfies(e -> assertThat(e.field()).isEqualTo("run_id"))
        .withMessageStartingWith("run_id must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"５", "ａ", "²"})
  void otherScriptsDigitsAndLettersDoNotCount(String id) {
    assertThat(SessionId.isValid(id)).isFalse();
  }
}
