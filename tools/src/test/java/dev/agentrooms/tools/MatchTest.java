package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class MatchTest {

  @ParameterizedTest
  @CsvSource({
    "(?i)\\bticket\\s+#?\\d+, Answer Ticket #4711!, true",
    "(?i)\\bticket\\s+#?\\d+, Answer tickets 4711, false",
    "(?i)\\bбилет\\b, Ответь на Билет 5, true",
    "(?i)\\bбилет\\b, Ответь на билеты, false",
    "^order, an order, false",
  })
  void aPatternIsLookedForInTheQuestion(String pattern, String question, boolean isFound) {
    assertThat(Match.parse(pattern).finds(question)).isEqualTo(isFound);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "*", "(?<n>", "\\p{Nothing}"})
  void whatIsNoPatternIsRefused(String pattern) {
    assertThatExceptionOfType(TemplateError.class).isThrownBy(() -> Match.parse(pattern));
  }

  /// Some of these would take longer than the universe has been there.
  @ParameterizedTest
  @Timeout(60)
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a|aa)+$",
        "(a|b|ab)*d",
        "(.*a){25}$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(a*)*c"
      })
  void aPatternThatTakesTooLongFindsNothing(String pattern) {
    Match match = Match.parse(pattern);
    assertThat(match.finds("a".repeat(7_000) + "!")).isFalse();
    assertThat(match.finds("a".repeat(40) + "!")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?:a|b)*c", "(a|b|\\s)*$x"})
  void aPatternThatNeedsTooMuchStackFindsNothing(String pattern) {
    assertThat(Match.parse(pattern).finds("ab".repeat(10_000))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x$", "\\bend\\b"})
  void aLongQuestionIsLookedAtFromItsStart(String pattern) {
    assertThat(Match.parse(pattern).finds("y".repeat(9000) + " end x")).isFalse();
    assertThat(Match.parse(pattern).finds("y".repeat(7000) + " end x")).isTrue();
  }
}
