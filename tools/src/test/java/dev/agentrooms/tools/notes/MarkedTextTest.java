package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class MarkedTextTest {

  private static MarkedText of(int chunks, String whole) {
    MarkedText text = new MarkedText(chunks);
    text.add(whole);
    text.end();
    return text;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Water moves. [1]|Water moves. [1]|[1]",
        "Water moves [3][1].|Water moves [3][1].|[1, 3]",
        "Water moves [1, 2].|Water moves [1][2].|[1, 2]",
        "Water moves [4], they say.|Water moves, they say.|[]",
        "Water moves [4][2].|Water moves[2].|[2]",
        "Water moves [0] [00] [999999999999].|Water moves.|[]",
        "Water moves [ 2 ].|Water moves [2].|[2]",
        "An array a[i], a list [], [x], [1a] and [1|An array a[i], a list [], [x], [1a] and [1|[]",
        "Two [[2]] brackets|Two [[2]] brackets|[2]",
        "Вода движется [2].|Вода движется [2].|[2]",
      })
  void aMarkerWithoutAChunkIsTakenOut(String written, String shown, String markers) {
    MarkedText text = of(3, written);
    assertThat(text.text()).isEqualTo(shown);
    assertThat(text.markers()).hasToString(markers);
  }

  @Test
  void howeverItIsCutTheTextIsTheSameAndWhatWasShownNeverChanges() {
    String alphabet = " [[]]123,90ab🌿";
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      StringBuilder written = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
        written.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
      }
      MarkedText text = new MarkedText(3);
      StringBuilder shown = new StringBuilder();
      for (int at = 0; at < written.length(); ) {
        int end = Math.min(written.length(), at + 1 + random.nextInt(4));
        shown.append(text.add(written.substring(at, end)));
        at = end;
      }
      shown.append(text.end());
      assertThat(shown.toString())
          .as(written.toString())
          .isEqualTo(of(3, written.toString()).text())
          .isEqualTo(text.text());
      Matcher marker = Pattern.compile("\\[([\\d, ]*\\d[\\d, ]*)]").matcher(shown);
      while (marker.find()) {
        assertThat(marker.group(1)).as(written.toString()).matches("[1-3]");
        assertThat(text.markers()).contains(Integer.parseInt(marker.group(1)));
      }
    }
  }
}
