package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import dev.agentrooms.app.Chromium.Tab;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The page for operators.
@Tag("browser")
class PageAdminTest {

  @AutoClose private static Stack stack;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    stack = Stack.start();
  }

  @Test
  void aRunIsSeenCancelledAndItsSessionDeletedByKeyboard() {
    stack.run("busy", "Create a quiz about tides [exam:slow]");
    stack.run("other", "Create a quiz about rocks [exam:slow]");
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/admin");
      assertThat(tab.css("tbody th", "Create a quiz about tides")).isVisible();
      tab.button("Cancel: Create a quiz about tides [exam:slow]").press("Enter");
      assertThat(tab.css("tbody th", "Create a quiz about tides")).hasCount(0);
      tab.button("Delete: Create a quiz about rocks [exam:slow]").press("Enter");
      tab.button("Delete for good").press("Enter");
      assertThat(tab.css("main")).containsText("Nothing runs, and nothing waits.");
      assertThat(tab.css("tbody th", "rag_search")).isVisible();
      tab.page.getByLabel("Session id").fill("busy");
      tab.button("Show").press("Enter");
      assertThat(tab.css("main")).containsText("Access is open here, so nothing is audited.");
      assertThat(tab.complaints).isEmpty();
    }
    assertThat(stack.get(stack.agent() + "/api/agent/sessions/other").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void axeFindsNothingOnAnyScreen(ColorScheme scheme) {
    stack.run("axe", "Create a quiz about tides [exam:slow]", "\"on_busy\":\"enqueue\"");
    for (int width : new int[] {1280, 320}) {
      try (Tab tab =
          chromium.tab(
              new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 800))) {
        tab.page.navigate(stack.webUi() + "/admin");
        assertThat(tab.css(".figures")).isVisible();
        assertThat(new AxeBuilder(tab.page).analyze().getViolations())
            .extracting(rule -> rule.getId() + " " + rule.getNodes().getFirst().getHtml())
            .isEmpty();
        assertThat(tab.page.evaluate("() => document.documentElement.scrollWidth"))
            .isEqualTo(width);
      }
    }
  }
}
