package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class TextTest {

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abcd, 3, ab…",
    "🌱🌱🌱, 3, 🌱🌱🌱",
    "🌱🌱🌱🌱, 3, 🌱🌱…",
    "'', 3, ''",
    "ab, 1, …",
  })
  void aTextIsCutBetweenCodePoints(String text, int max, String cut) {
    assertThat(Text.cut(text, max)).isEqualTo(cut);
  }

  @Property
  void aTextIsWellFormedExactlyWhenItHasUtf8(@ForAll String text) {
    assertThat(Text.isWellFormed(text)).isEqualTo(UTF_8.newEncoder().canEncode(text));
  }

  @Property
  void aCutTextIsAsWellFormedAndNoLonger(@ForAll String text, @ForAll @IntRange(min = 1) int max) {
    String cut = Text.cut(text, max);
    assertThat(cut.codePointCount(0, cut.length())).isLessThanOrEqualTo(max);
    assertThat(Text.isWellFormed(cut) || !Text.isWellFormed(text)).isTrue();
  }

  @Test
  void surrogatesAreFoundAtAnyDepth() {
    for (String json :
        new String[] {"\"\\ud800\"", "{\"a\":[1,{\"b\":\"\\udc00\"}]}", "[[[\"a\\ud800\"]]]"}) {
      assertThat(Text.isWellFormed(Json.parse(json.getBytes(UTF_8)))).as(json).isFalse();
    }
    assertThat(Text.isWellFormed(Json.object().set("a", Json.object().put("\ud800", 1)))).isFalse();
    assertThat(Text.isWellFormed(Json.parse("{\"🌱\":[\"🌱\",1,null,true]}".getBytes(UTF_8))))
        .isTrue();
  }

  @Test
  void aTextThatNeedNotBeThereMayBeBlank() {
    assertThat(Text.checked("x", "", 0, 5)).isEmpty();
    assertThat(Text.checked("x", "  ", 0, 5)).isEqualTo("  ");
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Text.checked("x", "", 1, 5))
        .withMessage("x must not be empty");
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Text.checked("x", " \t", 1, 5))
        .withMessage("x must not be blank");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t\n", "\u00a0", " \u2007\u202f", "\u3000\u2028"})
  void spacesOfAnyKindAreBlank(String text) {
    assertThat(Text.isBlank(text)).isTrue();
    assertThat(Text.isBlank(text + "?")).isFalse();
    assertThatExceptionOfType(InvalidField.class).isThrownBy(() -> Text.checked("x", text, 1, 9));
  }
}
