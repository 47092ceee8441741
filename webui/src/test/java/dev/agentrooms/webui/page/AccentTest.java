package dev.agentrooms.webui.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.http.BadSetting;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AccentTest {

  private static final double AA = 4.5;
  private static final Pattern COLOUR = Pattern.compile("#([0-9a-f]{6})");

  @Test
  void everyColourCanBeReadInBothThemes() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      int rgb = i < 8 ? corner(i) : random.nextInt(0x1000000);
      // accent, accent-deep, accent-ink, accent-wash; each in light and in dark
      List<Integer> colours =
          COLOUR
              .matcher(new Accent(rgb).css())
              .results()
              .map(found -> Integer.parseInt(found.group(1), 16))
              .toList();
      for (int theme = 0; theme < 2; theme++) {
        int accent = colours.get(theme);
        int wash = colours.get(6 + theme);
        String as = String.format("#%06x in theme %d", rgb, theme);
        assertThat(Accent.contrast(accent, theme == 0 ? 0xffffff : 0x1b1e27))
            .as(as)
            .isGreaterThan(AA);
        assertThat(Accent.contrast(accent, wash)).as(as).isGreaterThan(AA);
        assertThat(Accent.contrast(colours.get(4 + theme), accent)).as(as).isGreaterThan(AA);
        assertThat(Accent.contrast(colours.get(2 + theme), wash)).as(as).isGreaterThan(AA);
        assertThat(Accent.contrast(theme == 0 ? 0x22252e : 0xe4e6ee, wash)).as(as).isGreaterThan(7);
      }
    }
  }

  private static int corner(int i) {
    return ((i & 1) * 0xff0000) | ((i >> 1 & 1) * 0xff00) | ((i >> 2 & 1) * 0xff);
  }

  @Test
  void aColourThatCanBeReadStaysAsItIs() {
    assertThat(Accent.of("k", "#3F51B5").light()).isEqualTo(0x3f51b5);
    assertThat(Accent.of("k", "#ffcc00").light()).isNotEqualTo(0xffcc00);
  }

  @Test
  void whatIsNoColourIsRefused() {
    for (String text : new String[] {"red", "#fff", "#12345g", "#3f51b5; } body { display: none"}) {
      assertThatThrownBy(() -> Accent.of("webui.brand.accent", text))
          .isInstanceOf(BadSetting.class)
          .hasMessageContaining("webui.brand.accent");
    }
  }
}
