package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.options.BoundingBox;
import dev.agentrooms.app.Chromium.Tab;
import java.util.EnumSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is seen before the first script has run, and in whose colours.
@Tag("browser")
class PagePaintTest {

  private static final String LARGEST =
      """
      () => new Promise((resolve) =>
        new PerformanceObserver((list) => {
          const { startTime, element } = list.getEntries().at(-1);
          const [first] = performance.getEntriesByName('first-contentful-paint');
          const ms = Math.round(startTime);
          resolve(`${element?.textContent ?? 'gone'} at ${ms} ms, the first at ${Math.round(first.startTime)} ms`);
        }).observe({ type: 'largest-contentful-paint', buffered: true }))
      """;

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack =
        Stack.start(
            EnumSet.of(Role.AGENT, Role.WEBUI),
            Stack.settings(
                "webui.brand.name", "Müller & <b>Söhne</b>", "webui.brand.accent", "#0b7a75"));
  }

  @Test
  void theFirstPaintNeedsNoScript() {
    try (Tab tab = chromium.tab()) {
      tab.page.route("**/*.js", route -> route.abort());
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css("h1")).hasText("What shall we look into?");
      assertThat(tab.css(".brand")).hasText("Müller & <b>Söhne</b>");
      assertThat(tab.page.evaluate(LARGEST).toString()).contains("Ask for a quiz, or just ask.");
    }
  }

  @Test
  void nameAndColourAreThoseOfTheSettings() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css(".examples")).isVisible();
      assertThat(tab.page).hasTitle("Müller & <b>Söhne</b>");
      assertThat(tab.css("a.brand")).hasText("Müller & <b>Söhne</b>");
      assertThat(tab.css(".send")).hasCSS("background-color", "rgb(11, 116, 112)");
      assertThat(tab.complaints).isEmpty();
    }
  }

  /// The script of the page only puts the same in the place of what was painted before it, so that
  /// the largest paint is that of the HTML, and quick on a slow machine, too. How quick is said and
  /// not tested: others may be at work here.
  @Test
  void theScriptPaintsNothingLargerThanTheHtmlHad() {
    BoundingBox painted;
    try (Tab tab = chromium.tab()) {
      tab.page.route("**/*.js", route -> route.abort());
      tab.page.navigate(stack.webUi() + "/");
      painted = tab.css("p.lead").boundingBox();
    }
    try (Tab tab = chromium.tab()) {
      CDPSession devtools = tab.page.context().newCDPSession(tab.page);
      JsonObject fourfold = new JsonObject();
      fourfold.addProperty("rate", 4);
      devtools.send("Emulation.setCPUThrottlingRate", fourfold);
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css(".examples")).isVisible();
      assertThat(tab.css("p.lead").boundingBox())
          .usingRecursiveComparison()
          .comparingOnlyFields("width", "height")
          .isEqualTo(painted);
      String largest = tab.page.evaluate(LARGEST).toString();
      System.out.println("largest paint, at a quarter of the CPU: " + largest);
    }
  }
}
