package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
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
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick();
  }

  @Test
  void axeFindsNothingInAnyState() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css(".examples")).isVisible();
      Axe.findsNothing(tab, "empty");

      tab.open(stack, "axe").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");
      tab.css(".fold").click();
      assertThat(tab.css(".step.running .bar rect")).isVisible();
      Axe.findsNothing(tab, "running");
      tab.button("Stop").click();
      assertThat(tab.css(".outcome.cancelled")).isVisible();
      Axe.findsNothing(tab, "cancelled");

      tab.ask("What is gravity? [rag:500]");
      assertThat(tab.css(".outcome.failed")).isVisible();
      Axe.findsNothing(tab, "failed");

      tab.button("Ask again with a change").last().click();
      assertThat(tab.css(".changing")).isVisible();
      Axe.findsNothing(tab, "changing");
      tab.ask("What is gravity?");
      assertThat(tab.css(".answer .markdown")).isVisible();
      assertThat(tab.css(".branches > span")).hasText("2 of 2");
      Axe.findsNothing(tab, "answered");

      tab.ask("Make a test with 2 questions about tides");
      assertThat(tab.css(".quiz fieldset:visible")).hasCount(1);
      Axe.findsNothing(tab, "quiz");
      tab.css(".quiz label:visible").first().click();
      tab.button("Next").click();
      assertThat(tab.css(".quiz .progress span")).hasText("Question 2 of 2");
      tab.css(".quiz label:visible").first().click();
      tab.button("Check my answers").click();
      assertThat(tab.css(".quiz .score")).isVisible();
      tab.css(".fold").last().click();
      tab.css(".step summary").last().click();
      Axe.findsNothing(tab, "graded");
      tab.css("button.details").click();
      assertThat(tab.css(".run .ids").first()).isVisible();
      Axe.findsNothing(tab, "details");
    }
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

  /// A window of 1280 × 800 and one of 1280 × 1024, as they are at these zooms.
  @ParameterizedTest
  @CsvSource({"200 %, 2, 640, 400", "400 %, 4, 320, 256"})
  void everyTaskWorksByKeyboardWhenThePageIsZoomed(String zoom, int scale, int width, int height) {
    String session = "zoom-" + scale;
    try (Tab tab =
        chromium.tab(
            new Browser.NewContextOptions()
                .setDeviceScaleFactor(scale)
                .setViewportSize(width, height))) {
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css(".examples")).isVisible();
      assertFits(tab, "empty");
      press(tab, tab.css(".examples button").first(), "Enter");
      assertThat(tab.page.getByLabel("Your question")).isFocused();

      tab.open(stack, session);
      Locator box = tab.page.getByLabel("Your question");
      tabTo(tab, box);
      tab.page.keyboard().type("Create a quiz about tides [exam:slow]");
      tab.page.keyboard().press("Enter");
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");
      press(tab, tab.css(".fold"), "Enter");
      assertThat(tab.css(".step.running .bar rect")).isVisible();
      assertFits(tab, "running");
      press(tab, tab.button("Stop"), "Enter");
      assertThat(tab.css(".outcome.cancelled")).isVisible();
      assertFits(tab, "stopped");

      press(tab, tab.button("Ask again with a change").last(), "Enter");
      assertThat(box).isFocused();
      assertFits(tab, "changing");
      box.press("ControlOrMeta+A");
      tab.page.keyboard().type("Make a test with 2 questions about tides");
      tab.page.keyboard().press("Enter");
      Locator chosen = tab.css(".quiz fieldset:visible input");
      assertThat(tab.css(".quiz fieldset:visible")).hasCount(1);
      assertFits(tab, "quiz");
      press(tab, chosen.first(), "Space");
      press(tab, tab.button("Next"), "Enter");
      assertThat(tab.css(".quiz .progress span")).hasText("Question 2 of 2");
      press(tab, chosen.first(), "Space");
      press(tab, tab.button("Check my answers"), "Enter");
      assertThat(tab.css(".quiz .score")).isVisible();
      assertFits(tab, "graded");

      press(tab, tab.button("Earlier version"), "Enter");
      assertThat(tab.css(".branches > span")).hasText("1 of 2");
      press(tab, tab.css("button.details"), "Enter");
      assertThat(tab.css(".run .ids").first()).isVisible();
      assertFits(tab, "details");

      press(tab, tab.button("Sessions"), "Enter");
      assertThat(tab.css("nav [aria-current]")).isVisible();
      Locator more = tab.css("nav li:has([aria-current]) .more-of");
      press(tab, more, "Enter");
      assertFits(tab, "sessions");
      press(tab, tab.button("Rename"), "Enter");
      assertThat(tab.css("#session-name")).isFocused();
      tab.page.keyboard().type("Tides");
      tab.page.keyboard().press("Enter");
      assertThat(tab.css("nav [aria-current]")).containsText("Tides");
      press(tab, more, "Enter");
      press(tab, tab.button("Delete"), "Enter");
      press(tab, tab.button("Undo"), "Enter");
      assertThat(tab.css("h1 bdi")).hasText("Tides");
      press(tab, tab.button("Sessions"), "Enter");
      assertThat(tab.css("nav [aria-current]")).containsText("Tides");
      tab.page.keyboard().press("Escape");
      assertThat(tab.css("nav.sessions")).isHidden();
      assertThat(tab.complaints).isEmpty();
    }
  }

  // Tab is pressed several times before anybody looks; where it shall lead, it stays.
  private static final String STAY_THERE =
      """
      (target) => {
        const stay = (event) => {
          if (event.key === 'Tab' && document.activeElement === target) {
            event.preventDefault();
          }
        };
        addEventListener('keydown', stay, true);
        window.goOn = () => removeEventListener('keydown', stay, true);
      }""";

  /// Goes there by Tab alone, and looks whether it can be seen there.
  private static void tabTo(Tab tab, Locator target) {
    assertThat(target).isVisible();
    target.evaluate(STAY_THERE);
    for (int i = 0; i < 80 && !isFocused(target); i += 8) {
      for (int j = 0; j < 8; j++) {
        tab.page.keyboard().press("Tab");
      }
    }
    assertThat(target).isFocused();
    tab.page.evaluate("() => window.goOn()");
    Stack.await(() -> covering(target), ""::equals);
  }

  private static void press(Tab tab, Locator target, String key) {
    tabTo(tab, target);
    tab.page.keyboard().press(key);
  }

  private static boolean isFocused(Locator target) {
    return Boolean.TRUE.equals(target.evaluate("element => element === document.activeElement"));
  }

  /// What covers an element, or that it is outside of the window.
  private static Object covering(Locator target) {
    return target.evaluate(
        """
        (element) => {
          const of = element.closest('label') ?? element;
          const { left, right, top, bottom } = of.getBoundingClientRect();
          const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return of.contains(there) ? '' : there ? there.outerHTML.slice(0, 200) : `outside, at ${top}`;
        }""");
  }

  /// Nothing is wider than the window, no control lies on another, and no word is cut off.
  private static void assertFits(Tab tab, String state) {
    Object wrong =
        tab.page.evaluate(
            """
            () => {
              const wrong = [];
              if (document.documentElement.scrollWidth > innerWidth) {
                wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
              }
              const name = (element) => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 120);
              const shown = [...document.querySelectorAll('button, a, input:not([type=radio]), textarea, summary')]
                .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
                .filter((element) => !element.closest('.skip, [inert]'));
              const layer = (element) => element.closest('.top, .composer, nav, .toasts, .work');
              const boxes = shown.map((element) => ({ element, box: element.getBoundingClientRect(), of: layer(element) }));
              for (const [at, one] of boxes.entries()) {
                for (const other of boxes.slice(at + 1)) {
                  const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
                  const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
                  if (one.of === other.of && wide > 1 && high > 1 && !one.element.contains(other.element)) {
                    wrong.push(`${name(one.element)} lies on ${name(other.element)}`);
                  }
                }
              }
              for (const { element, box } of boxes) {
                const cut = element.scrollWidth > element.clientWidth + 1 && !element.matches('input, textarea');
                if (cut || box.left < -1 || box.right > innerWidth + 1) {
                  wrong.push(`${name(element)} is cut off`);
                }
              }
              return wrong.join('; ');
            }""");
    assertThat(wrong).as(state).isEqualTo("");
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
