package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run that is longer than the window: the page scrolls to its newest step unless the user has
/// scrolled away, and the controls stay in view.
@Tag("browser")
class PageFollowTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private int events;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings());
  }

  @ParameterizedTest
  @CsvSource({"1280, 900", "390, 844", "320, 568"})
  void newestStepStaysInViewUntilSomebodyScrollsAway(int width, int height) {
    String session = "follow-" + width;
    try (Tab tab = tab(width, height)) {
      tab.open(stack, session);
      assertThat(tab.css(".connection")).hasText("Live");
      steps(session, 80);
      assertThat(inSight(tab, step(tab, "Step 79"))).isTrue();
      assertThat(tab.css(".newest")).hasCount(0);

      // Away from it, nothing moves but the button that leads back.
      double end = scrolled(tab);
      tab.page.mouse().move(width / 2.0, height / 2.0);
      tab.page.mouse().wheel(0, -900);
      Stack.await(() -> scrolled(tab), there -> there == Math.max(0, end - 900));
      assertThat(tab.css(".newest")).isVisible();
      Locator read = step(tab, "Step 50");
      double place = read.boundingBox().y;
      steps(session, 20);
      assertThat(step(tab, "Step 99")).isAttached();
      assertThat(read.boundingBox().y).isEqualTo(place);

      tab.button("Newest").click();
      assertThat(tab.css(".newest")).hasCount(0);
      assertThat(inSight(tab, step(tab, "Step 99"))).isTrue();
      steps(session, 20);
      assertThat(inSight(tab, step(tab, "Step 119"))).isTrue();
      assertThat(tab.complaints).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"1280, 900", "390, 844", "320, 568"})
  void controlsStayInViewHoweverLongTheRunIs(int width, int height) {
    String session = "needed-" + width;
    try (Tab tab = tab(width, height)) {
      tab.open(stack, session);
      assertThat(tab.css(".connection")).hasText("Live");
      publish(session, "intent_determined", "", Json.object().put("question", "What is gravity?"));
      steps(session, 60);
      assertThat(inSight(tab, step(tab, "Step 59"))).isTrue();

      for (String name : new String[] {"Stop", "Русский", "Theme: like the system"}) {
        assertThat(inSight(tab, tab.button(name))).as(name).isTrue();
      }
      assertThat(inSight(tab, tab.css(".connection .light"))).isTrue();

      ObjectNode failure = Json.object().put("tool", "rag_search").put("reason", "timeout");
      publish(session, "tool_error", "", failure);
      publish(session, "final_answer", "", Json.object().put("status", "failed"));
      assertThat(inSight(tab, tab.css(".outcome.failed"))).isTrue();
      assertThat(inSight(tab, tab.button("Try again"))).isTrue();
    }
  }

  /// Of a result that is longer than the window one wants to see where it begins.
  @ParameterizedTest
  @CsvSource({"1280, 900", "390, 844"})
  void longResultIsShownFromItsBeginning(int width, int height) {
    String session = "result-" + width;
    try (Tab tab = tab(width, height)) {
      tab.open(stack, session);
      assertThat(tab.css(".connection")).hasText("Live");
      steps(session, 40);
      assertThat(inSight(tab, step(tab, "Step 39"))).isTrue();
      ObjectNode meta = Json.object().put("status", "succeeded");
      meta.putObject("result").put("answer", "# The beginning\n\n" + "And so on.\n\n".repeat(200));
      publish(session, "final_answer", "", meta);

      assertThat(inSight(tab, tab.css(".markdown h3", "The beginning"))).isTrue();
    }
  }

  /// One looks something up in another session and comes back: by the list, or by the browser's
  /// own button.
  @ParameterizedTest
  @CsvSource({"1280, 900", "390, 844"})
  void whoComesBackToASessionIsWhereTheyWere(int width, int height) {
    String session = "left-" + width;
    List<ObjectNode> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.addAll(answered(session, i));
    }
    stack.publish(session, all);
    stack.publish("other-" + width, answered("other-" + width, 0));
    try (Tab tab = tab(width, height)) {
      tab.open(stack, session);
      Locator read = tab.css(".run", "Question 17?").locator(".answer");
      assertThat(read).containsText("The answer to 17");
      read.evaluate("element => element.scrollIntoView({ behavior: 'instant', block: 'start' })");
      Stack.await(() -> scrolled(tab), there -> there > 0);
      double place = read.boundingBox().y;

      tab.goTo("other-" + width);
      assertThat(tab.css(".run", "Question 0?")).isVisible();
      tab.goTo(session);
      assertThat(tab.css(".run", "Question 29?").locator(".answer")).isAttached();
      Stack.await(() -> read.boundingBox().y, y -> Math.abs(y - place) < 3);

      tab.goTo("other-" + width);
      assertThat(tab.css(".run")).hasCount(1);
      tab.page.goBack();
      assertThat(tab.css(".run", "Question 29?").locator(".answer")).isAttached();
      Stack.await(() -> read.boundingBox().y, y -> Math.abs(y - place) < 3);

      // Who was at the end is there again, at what has come meanwhile.
      tab.page.keyboard().press("End");
      Stack.await(() -> atEnd(tab), Boolean.TRUE::equals);
      tab.goTo("other-" + width);
      assertThat(tab.css(".run")).hasCount(1);
      stack.publish(session, answered(session, 30));
      tab.goTo(session);
      assertThat(tab.css(".run", "Question 30?").locator(".answer")).isInViewport();
      assertThat(tab.complaints).isEmpty();
    }
  }

  private static boolean atEnd(Tab tab) {
    return Boolean.TRUE.equals(
        tab.page.evaluate(
            "() => scrollY + innerHeight > document.documentElement.scrollHeight - 5"));
  }

  private List<ObjectNode> answered(String session, int i) {
    String run = "r-" + i;
    ObjectNode asked = Json.object().put("question", "Question " + i + "?");
    ObjectNode meta = Json.object().put("status", "succeeded");
    meta.putObject("result").put("answer", "The answer to " + i + "\n\n" + "- so\n".repeat(20));
    return List.of(
        event(session, run, "intent_determined", "", asked),
        event(session, run, "final_answer", "", meta));
  }

  private static Tab tab(int width, int height) {
    return chromium
        .tab(new Browser.NewContextOptions().setViewportSize(width, height))
        .withDetails()
        .withoutAgent();
  }

  private static Locator step(Tab tab, String title) {
    return tab.css(".step .title").getByText(title, new Locator.GetByTextOptions().setExact(true));
  }

  /// Whether all of it can be seen, neither outside the window nor behind something else.
  private static boolean inSight(Tab tab, Locator element) {
    assertThat(element).isVisible();
    return Stack.await(
        () ->
            Boolean.TRUE.equals(
                element.evaluate(
                    """
                    (element) => {
                      const { left, right, top, bottom } = element.getBoundingClientRect();
                      return [top + 2, bottom - 2].every((y) => {
                        const there = document.elementFromPoint((left + right) / 2, y);
                        return element.contains(there) || there?.contains(element);
                      });
                    }""")),
        seen -> seen);
  }

  private static double scrolled(Tab tab) {
    return ((Number) tab.page.evaluate("() => scrollY")).doubleValue();
  }

  private void steps(String session, int count) {
    List<ObjectNode> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(event(session, "r-1", "something", "Step " + (steps++), Json.object()));
    }
    stack.publish(session, all);
  }

  private int steps;

  private void publish(String session, String step, String message, ObjectNode meta) {
    stack.publish(session, List.of(event(session, "r-1", step, message, meta)));
  }

  private ObjectNode event(
      String session, String run, String step, String message, ObjectNode meta) {
    ObjectNode event =
        Json.object()
            .put("event_id", session + events++)
            .put("ts", Instant.now().toString())
            .put("session_id", session)
            .put("run_id", run)
            .put("step", step)
            .put("message", message);
    return event.set("meta", meta);
  }
}
