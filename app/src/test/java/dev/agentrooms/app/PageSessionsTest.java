package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The list of sessions: names, search, deleting with undo, the sheet of a narrow screen.
@Tag("browser")
class PageSessionsTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick();
  }

  private static void ask(String sessionId, String question) {
    stack.run(sessionId, question);
    stack.untilEnded(sessionId, 1);
  }

  private static String address(String sessionId) {
    return stack.agent() + "/api/agent/sessions/" + sessionId;
  }

  @Test
  void aSessionIsNamedByItsFirstQuestionAndByPeople() {
    ask("named", "What is an estuary?");
    stack.run("named", "Create a quiz about deltas");
    stack.untilEnded("named", 2);
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "named");
      assertThat(tab.css("nav [aria-current] .question")).hasText("What is an estuary?");

      tab.css("nav li:has([aria-current]) .more-of").press("Enter");
      tab.button("Rename").press("Enter");
      assertThat(tab.css("#session-name")).isFocused();
      tab.page.keyboard().type("Rivers & <b>seas</b>");
      tab.page.keyboard().press("Enter");
      assertThat(tab.css("nav [aria-current] .question")).hasText("Rivers & <b>seas</b>");
      assertThat(tab.css("nav [aria-current]")).isFocused();
      assertThat(stack.get(address("named")).json().path("title").asText())
          .isEqualTo("Rivers & <b>seas</b>");

      tab.css("nav li:has([aria-current]) .more-of").click();
      tab.button("Rename").click();
      tab.css("#session-name").fill("");
      tab.button("Save").click();
      assertThat(tab.css("nav [aria-current] .question")).hasText("What is an estuary?");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void theStoreIsSearchedWhileSomebodyTypes() {
    ask("found", "Why do glaciers calve?");
    ask("other", "Why is the sky blue?");
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "found");
      tab.page.getByLabel("Search sessions").fill("GLACIERS");
      assertThat(tab.css("nav li .question")).hasText(new String[] {"Why do glaciers calve?"});
      tab.page.getByLabel("Search sessions").fill("no such words");
      assertThat(tab.css("nav")).containsText("Nothing found for “no such words”.");
      tab.button("Show all sessions").click();
      assertThat(tab.css("nav li", "Why is the sky blue?")).isVisible();

      // What is asked anew shall be in the list, whatever was searched before.
      tab.page.getByLabel("Search sessions").fill("glaciers");
      assertThat(tab.css("nav li .question")).hasText(new String[] {"Why do glaciers calve?"});
      tab.css("nav a.new").click();
      tab.ask("Why do geysers erupt?");
      assertThat(tab.css("nav li", "Why do geysers erupt?")).isVisible();
      assertThat(tab.page.getByLabel("Search sessions")).hasValue("");
    }
  }

  @Test
  void aDeleteIsUndoneOrSentWhenTheTimeIsOver() {
    ask("undone", "What is a fjord?");
    try (Tab tab = chromium.tab()) {
      tab.page.clock().install();
      tab.open(stack, "undone");
      tab.css("nav li:has([aria-current]) .more-of").press("Enter");
      tab.button("Delete").press("Enter");
      assertThat(tab.css("nav li", "What is a fjord?")).hasCount(0);
      assertThat(tab.css("h1")).hasText("What shall we look into?");
      assertThat(stack.get(address("undone")).status()).isEqualTo(200);
      tab.button("Undo").press("Enter");
      assertThat(tab.css("nav [aria-current] .question")).hasText("What is a fjord?");
      tab.page.clock().fastForward(20_000);
      assertThat(tab.css(".toast")).hasCount(0);
      assertThat(stack.get(address("undone")).status()).isEqualTo(200);

      tab.css("nav li:has([aria-current]) .more-of").click();
      tab.button("Delete").click();
      assertThat(tab.css(".toast")).containsText("“What is a fjord?” is deleted.");
      tab.page.mouse().move(700, 300);
      tab.page.clock().fastForward(20_000);
      Stack.await(() -> stack.get(address("undone")).status(), status -> status == 404);
      assertThat(tab.css(".toast")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void aDeleteIsSentWhenThePageIsLeft() {
    ask("left", "What is a lagoon?");
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "left");
      tab.css("nav li:has([aria-current]) .more-of").click();
      tab.button("Delete").click();
      assertThat(tab.css(".toast")).isVisible();
    }
    Stack.await(() -> stack.get(address("left")).status(), status -> status == 404);
  }

  @Test
  void aDeleteThatCouldNotBeSentIsSaidAndMadeUpForWhenThePageIsOpenedAgain() {
    ask("away", "What is a moraine?");
    AtomicBoolean isAway = new AtomicBoolean(true);
    try (Tab tab = chromium.tab()) {
      tab.page.route(
          "**/api/agent/sessions/away",
          route -> {
            if (isAway.get() && route.request().method().equals("DELETE")) {
              route.abort();
            } else {
              route.resume();
            }
          });
      tab.page.clock().install();
      tab.open(stack, "away");
      tab.css("nav li:has([aria-current]) .more-of").click();
      tab.button("Delete").click();
      assertThat(tab.css(".toast")).isVisible();
      tab.page.mouse().move(700, 300);
      tab.page.clock().fastForward(20_000);
      assertThat(tab.css(".toast.failed"))
          .containsText("“What is a moraine?” could not be deleted.");

      isAway.set(false);
      tab.page.reload();
      // Its requests go through this test, which must not sleep meanwhile.
      tab.page.waitForCondition(() -> stack.get(address("away")).status() == 404);
      assertThat(tab.css(".toast")).hasCount(0);
    }
  }

  @Test
  void sessionsStandUnderTheirDays() {
    ZonedDateTime noon = ZonedDateTime.now(ZoneId.systemDefault()).with(LocalTime.NOON);
    var list = Json.object();
    var entries = list.putArray("sessions");
    for (Instant at :
        new Instant[] {
          Instant.now(), noon.minusDays(1).toInstant(), Instant.parse("2024-02-29T12:00:00Z")
        }) {
      entries
          .addObject()
          .put("session_id", "d" + entries.size())
          .put("title", "At " + at)
          .put("last_active_at", at.toString());
    }
    entries.addObject().put("session_id", "dx").put("last_active_at", "never");
    try (Tab tab = chromium.tab()) {
      tab.page.route(
          "**/api/agent/sessions?*",
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody(list.toString())));
      tab.page.navigate(stack.webUi() + "/");
      assertThat(tab.css("nav h3"))
          .hasText(new String[] {"Today", "Yesterday", "February 29, 2024", "At some time"});
      tab.button("Русский").click();
      assertThat(tab.css("nav h3"))
          .hasText(new String[] {"Сегодня", "Вчера", "29 февраля 2024 г.", "Когда-то"});
    }
  }

  @Test
  void theSheetOfANarrowScreenTakesTheFocusAndGivesItBack() {
    ask("narrow", "What is a geyser?");
    try (Tab tab = chromium.tab(new Browser.NewContextOptions().setViewportSize(390, 760))) {
      tab.open(stack, "narrow");
      tab.button("Sessions").press("Enter");
      assertThat(tab.button("Close the list of sessions")).isFocused();
      assertThat(tab.css("main")).hasAttribute("inert", "");
      tab.page.keyboard().press("Escape");
      assertThat(tab.css("nav")).isHidden();
      assertThat(tab.button("Sessions")).isFocused();

      tab.button("Sessions").click();
      tab.css(".backdrop").click(new Locator.ClickOptions().setPosition(195, 40));
      assertThat(tab.css("nav")).isHidden();
      tab.button("Sessions").click();
      tab.css("nav a", "What is a geyser?").click();
      assertThat(tab.css("nav")).isHidden();
      assertThat(tab.page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(390);
    }
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1280", "DARK, 390"})
  void axeFindsNothing(ColorScheme scheme, int width) {
    String session = "axe-" + scheme;
    ask(session, "What is a tide?");
    try (Tab tab =
        chromium.tab(
            new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 800))) {
      tab.open(stack, session);
      if (width == 390) {
        tab.button("Sessions").click();
      }
      tab.css("nav li:has([aria-current]) .more-of").click();
      assertThat(Axe.wrong(tab, "main")).isEmpty();
      tab.button("Rename").click();
      assertThat(Axe.wrong(tab, "main")).isEmpty();
      tab.button("Keep as it is").click();
      tab.css("nav li:has([aria-current]) .more-of").click();
      tab.button("Delete").click();
      assertThat(tab.css(".toast")).isVisible();
      assertThat(Axe.wrong(tab, "main")).isEmpty();
      tab.button("Undo").click();
    }
  }
}
