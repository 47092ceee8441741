package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.app.Chromium.Tab;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The page for operators.
@Tag("browser")
class PageAdminTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick();
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

  @Test
  void itFitsAnyScreenAndAxeFindsNothing() {
    stack.run("axe", "Create a quiz about tides [exam:slow]");
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/admin");
      assertThat(tab.css(".figures")).isVisible();
      assertThat(tab.css("tbody th", "Create a quiz about tides")).isVisible();
      Axe.findsNothingBut(null, tab, "operators", 320);
      assertThat(tab.widthAt(1280)).isEqualTo(1280);
      assertThat(tab.widthAt(320)).isEqualTo(320);
    }
  }
}
