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
import org.junit.jupiter.params.provider.CsvSource;

/// Accessibility of the page: axe's rules, any width, both languages.
@Tag("browser")
class PageAccessTest {

  @AutoClose private static Stack stack;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    stack = Stack.start();
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1280", "DARK, 390"})
  void axeFindsNothingInAnyState(ColorScheme scheme, int width) {
    String session = "axe-" + scheme;
    try (Tab tab =
        chromium.tab(
            new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 800))) {
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css(".examples")).isVisible();
      assertAccessible(tab, "empty");

      tab.open(stack, session).ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");
      tab.css(".fold").click();
      assertThat(tab.css(".step.running .bar rect")).isVisible();
      assertAccessible(tab, "running");
      tab.button("Stop").click();
      assertThat(tab.css(".outcome.cancelled")).isVisible();
      assertAccessible(tab, "cancelled");

      tab.ask("What is gravity? [rag:500]");
      assertThat(tab.css(".outcome.failed")).isVisible();
      assertAccessible(tab, "failed");

      tab.button("Ask again with a change").last().click();
      assertThat(tab.css(".changing")).isVisible();
      assertAccessible(tab, "changing");
      tab.ask("What is gravity?");
      assertThat(tab.css(".answer .markdown")).isVisible();
      assertThat(tab.css(".branches > span")).hasText("2 of 2");
      assertAccessible(tab, "answered");

      tab.ask("Make a test with 2 questions about tides");
      assertThat(tab.css(".quiz fieldset:visible")).hasCount(1);
      assertAccessible(tab, "quiz");
      tab.css(".quiz label:visible").first().click();
      tab.button("Next").click();
      assertThat(tab.css(".quiz .progress span")).hasText("Question 2 of 2");
      tab.css(".quiz label:visible").first().click();
      tab.button("Check my answers").click();
      assertThat(tab.css(".quiz .score")).isVisible();
      tab.css(".fold").last().click();
      tab.css(".step summary").last().click();
      assertAccessible(tab, "graded");
      tab.css("button.details").click();
      assertThat(tab.css(".run .ids").first()).isVisible();
      assertAccessible(tab, "details");
    }
  }

  private static void assertAccessible(Tab tab, String state) {
    assertThat(new AxeBuilder(tab.page).analyze().getViolations())
        .as(state)
        .extracting(rule -> rule.getId() + " " + rule.getNodes().getFirst().getHtml())
        .isEmpty();
  }

  @Test
  void nothingSticksOutOfANarrowScreen() {
    try (Tab tab = chromium.tab(new Browser.NewContextOptions().setViewportSize(320, 640))) {
      tab.open(stack, "narrow").ask("What is " + "averylongwordindeed".repeat(20) + "?");
      assertThat(tab.css(".answer")).isVisible();
      tab.css(".fold").click();
      tab.step("Searched the course notes").locator("summary").click();
      tab.css("button.details").click();
      assertThat(tab.css(".run .ids")).isVisible();

      assertThat(tab.page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(320);
      assertThat(tab.css("nav")).isHidden();
      tab.button("Sessions").click();
      assertThat(tab.css("nav [aria-current]")).isInViewport();
    }
  }

  @Test
  void russianIsChosenByTheBrowserAndByTheSwitchAndRemembered() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css("html")).hasAttribute("lang", "en");
      tab.button("Русский").click();
      assertThat(tab.css("html")).hasAttribute("lang", "ru");
      assertThat(tab.css("h1")).hasText("С чем разберёмся?");
      tab.button("Составь 3 вопроса по Древней Руси").click();
      tab.button("Спросить").click();
      assertThat(tab.css(".quiz fieldset")).hasCount(3);
      assertThat(tab.css(".fold .words")).containsText("3 шага");
      tab.css(".fold").click();

      assertThat(tab.css(".step .title"))
          .hasText(
              new String[] {
                "Задача: создать тест", "Нашли в конспектах", "Вопросы написаны", "Готово"
              });
      assertThat(tab.css(".step .fact").nth(1)).hasText("найдено 5 фрагментов");
      assertThat(tab.css(".quiz fieldset")).hasCount(3);
      assertThat(tab.button("Дальше")).isVisible();
      tab.page.reload();
      assertThat(tab.css(".run .state")).hasText("готово");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void themeIsSwitchedAndRemembered() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/");
      tab.button("Theme: like the system").click();
      tab.button("Theme: light").click();
      assertThat(tab.css("html")).hasAttribute("data-theme", "dark");
      tab.page.reload();
      assertThat(tab.css("html")).hasAttribute("data-theme", "dark");
      assertThat(tab.css("html")).hasCSS("background-color", "rgb(18, 20, 26)");
    }
  }
}
