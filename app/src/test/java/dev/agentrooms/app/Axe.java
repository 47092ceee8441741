package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ViewportSize;
import dev.agentrooms.app.Chromium.Tab;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What axe finds wrong with a page.
///
/// It runs in the page that is looked at, which has no frames; the way around by a second page,
/// which axe's own client takes, costs several times as much.
final class Axe {

  private static final String RUN =
      """
      async (left) => {
        const found = await axe.run(left ? { exclude: [[left]] } : document, { resultTypes: ['violations'] });
        return found.passes.length
          ? found.violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`)
          : ['axe has looked at nothing'];
      }""";

  private Axe() {}

  /// Nothing is wrong as the page is, neither in a wide window by day nor in a narrow one by night.
  static void findsNothing(Tab tab, String state) {
    findsNothingBut(null, tab, state, 390);
  }

  /// The same of all but an element, with another narrow window.
  static void findsNothingBut(@Nullable String left, Tab tab, String state, int narrow) {
    ViewportSize before = tab.page.viewportSize();
    look(tab, ColorScheme.LIGHT, 1280);
    assertThat(wrong(tab, left)).as(state).isEmpty();
    look(tab, ColorScheme.DARK, narrow);
    assertThat(wrong(tab, left)).as(state + ", narrow and dark").isEmpty();
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    tab.page.setViewportSize(before.width, before.height);
  }

  private static void look(Tab tab, ColorScheme scheme, int width) {
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    tab.page.setViewportSize(width, 800);
  }

  /// The rules that the page breaks as it is seen, each with an element.
  static List<?> wrong(Tab tab, @Nullable String left) {
    if (!Boolean.TRUE.equals(tab.page.evaluate("() => 'axe' in window"))) {
      tab.page.evaluate("() => {" + AxeBuilder.getAxeScript() + "}");
    }
    return (List<?>) tab.page.evaluate(RUN, left);
  }
}
