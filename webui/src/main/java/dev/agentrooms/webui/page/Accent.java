package dev.agentrooms.webui.page;

import dev.agentrooms.http.BadSetting;
import java.util.Locale;
import java.util.regex.Pattern;

/// The page's one loud colour. Of whatever colour is given, the light theme gets a shade that is
/// dark enough to be read on white and that white can be read on, and the dark theme one that is
/// light enough; both have a contrast of at least 4.5 to 1, as WCAG's level AA wants it.
///
/// For example, `#ffcc00` on white has a contrast of 1.5; the light theme gets `#7d6400`, with 5.7.
///
/// @param rgb as it was given
public record Accent(int rgb) {

  private static final Pattern FORM = Pattern.compile("#[0-9a-fA-F]{6}");
  private static final double ENOUGH = 4.9;
  private static final int WHITE = 0xffffff;
  private static final int BLACK = 0x000000;
  // The grounds that it stands on, at their worst: the page's wash in light, a card's in dark.
  private static final int LIGHT_GROUND = 0xf0f0f3;
  private static final int DARK_GROUND = 0x2c303c;
  private static final int DARK_CARD = 0x1b1e27;

  /// @throws BadSetting when `text` is not like `#3f51b5`
  static Accent of(String key, String text) {
    if (!FORM.matcher(text).matches()) {
      throw new BadSetting(key, "must be a colour like #3f51b5");
    }
    return new Accent(Integer.parseInt(text.substring(1), 16));
  }

  int light() {
    return until(BLACK, LIGHT_GROUND);
  }

  int dark() {
    return until(WHITE, DARK_GROUND);
  }

  /// The first shade on the way to `end` that stands out from `ground`.
  private int until(int end, int ground) {
    for (int percent = 0; percent < 100; percent++) {
      int shade = mixed(rgb, end, percent);
      if (contrast(shade, ground) >= ENOUGH) {
        return shade;
      }
    }
    return end;
  }

  String css() {
    int light = light();
    int dark = dark();
    return ":root:root {\n"
        + pair("--accent", light, dark)
        + pair("--accent-deep", mixed(light, BLACK, 20), mixed(dark, WHITE, 30))
        + pair("--accent-ink", WHITE, mixed(dark, BLACK, 88))
        + pair("--accent-wash", mixed(light, WHITE, 91), mixed(dark, DARK_CARD, 84))
        + "}\n";
  }

  private static String pair(String name, int light, int dark) {
    return String.format(
        Locale.ROOT, "  %s: light-dark(#%06x, #%06x);\n", name, light & WHITE, dark & WHITE);
  }

  static int mixed(int from, int to, int percent) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = (from >> shift) & 0xff;
      int b = (to >> shift) & 0xff;
      mixed = (mixed << 8) | (a + (b - a) * percent / 100);
    }
    return mixed;
  }

  /// As WCAG defines it: from 1, none, to 21, black on white.
  static double contrast(int a, int b) {
    double lighter = Math.max(luminance(a), luminance(b));
    double darker = Math.min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double share = (channel & 0xff) / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
