package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Asking, watching, cancelling and coming back, in a browser.
@Tag("browser")
class PageRunsTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick("agent.tools.retry-delay", "50ms");
  }

  @Test
  void questionBecomesStepsAndThenAQuiz() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.page.navigate(stack.webUi() + "/");
      tab.button("Create a quiz about photosynthesis").click();
      tab.page.getByLabel("Questions in a quiz").fill("3");
      tab.button("Ask").click();

      assertThat(tab.page).hasURL(Pattern.compile("\\?session=room-[a-z0-9]{8}$"));
      assertThat(tab.css(".quiz fieldset")).hasCount(3);
      assertThat(tab.css(".step .title"))
          .hasText(
              new String[] {
                "Understood: create a quiz",
                "Searched the course notes",
                "Wrote the questions",
                "Done"
              });
      assertThat(tab.css(".step details[open]")).hasCount(0);
      assertThat(tab.css(".step .took").nth(1)).hasText(Pattern.compile("at once|\\d s"));
      assertThat(tab.css(".log progress")).hasAttribute("value", "4");
      assertThat(tab.css(".run .state")).hasText("done");
      assertThat(tab.css("#polite")).hasText(Pattern.compile("The quiz is ready"));
      assertThat(tab.css("nav [aria-current] .state")).hasText("done");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void inputAndOutputOfAToolAreBehindADisclosureAndCutWhenLong() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "payloads").ask("Create a quiz about " + "tides ".repeat(300));
      assertThat(tab.css(".quiz fieldset")).hasCount(5);
      tab.step("Wrote the questions").locator("summary").click();

      Locator input = tab.css(".payload").first();
      assertThat(input).containsText("cut,");
      assertThat(input.locator("button")).hasText("Copy all");
      assertThat(input.locator("pre").textContent().length()).isLessThan(1600);
      assertThat(tab.step("Wrote the questions")).containsText("generate_done");
    }
  }

  @Test
  void failedSearchStaysOpenSaysWhyAndCanBeTriedAgain() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "rag-500").ask("What is gravity? [rag:500]");

      Locator failed = tab.step("The search of the course notes failed");
      assertThat(failed.locator("details")).hasAttribute("open", "");
      assertThat(failed).containsText("answered with an error (500)");
      assertThat(tab.css(".outcome.failed")).containsText("This did not work.");
      assertThat(tab.css("#urgent")).containsText("This did not work.");
      assertThat(tab.css(".run .state")).hasText("failed");

      tab.button("Try again").click();
      assertThat(tab.css(".branches > span")).hasText("2 of 2");
      assertThat(tab.css(".run .state")).hasText("failed");
      // The first attempt is kept.
      tab.button("Earlier version").click();
      assertThat(tab.css(".branches > span")).hasText("1 of 2");
      assertThat(tab.css(".outcome.failed")).isVisible();
      assertThat(stack.messages("rag-500")).hasSize(8);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void refreshInMidRunShowsTheSameStepsAndGoesOn() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "refresh").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".step.running .title")).hasText("Writing the questions");

      tab.page.reload();
      assertThat(tab.css(".run .title").first()).hasText("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".step .title"))
          .hasText(
              new String[] {
                "Understood: create a quiz", "Searched the course notes", "Writing the questions"
              });
      assertThat(tab.css(".step.running")).hasCount(1);
      assertThat(tab.css(".log progress")).hasAttribute("value", "3");

      // What happens after the refresh is seen like what happened before.
      tab.button("Stop").click();
      assertThat(tab.css(".run .state")).hasText("stopped");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void cancelDuringGenerationIsSeenAtOnceAndEndsTheRun() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "cancel").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".step.running .title")).hasText("Writing the questions");
      // The word is on its way and its answer is not here yet.
      tab.page.route("**/api/agent/cancel", route -> {});
      tab.button("Stop").click();
      assertThat(tab.css(".run .state")).hasText("stopping…");
      assertThat(tab.button("Stopping…")).isVisible();

      stack.post(stack.webUi() + "/api/agent/cancel", "{\"session_id\":\"cancel\"}");
      assertThat(tab.css(".run .state")).hasText("stopped");
      assertThat(tab.css(".step.stopped .title"))
          .hasText(new String[] {"Writing the questions was stopped", "Stopped"});
      assertThat(tab.css(".outcome.cancelled")).isVisible();
      assertThat(tab.css(".step.running")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void closingTheTabCancelsNothing() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "closed").ask("What is gravity?");
      assertThat(tab.css(".step").first()).isVisible();
    }
    assertThat(Stack.steps(stack.untilEnded("closed", 1))).last().isEqualTo("final_answer");
  }

  @Test
  void twoBrowsersSeeTheirOwnSessionsAndTwoOfOneSessionSeeTheSame() {
    try (Tab left = chromium.tab().withDetails();
        Tab right = chromium.tab().withDetails();
        Tab guest = chromium.tab().withDetails()) {
      left.open(stack, "left").ask("How do tides work?");
      right.open(stack, "right").ask("Create a quiz about volcanoes");
      guest.open(stack, "left");

      assertThat(left.css(".answer")).containsText("How do tides work?");
      assertThat(guest.css(".answer")).containsText("How do tides work?");
      assertThat(right.css(".quiz h3")).hasText("Quiz: volcanoes");
      assertThat(left.css(".run")).hasCount(1);
      assertThat(right.css(".run")).hasCount(1);
      assertThat(right.css("main")).not().containsText("tides");

      // The list leads from one to the other.
      right.css("nav a", "How do tides work?").click();
      assertThat(right.page).hasURL(Pattern.compile("session=left$"));
      assertThat(right.css(".answer")).containsText("How do tides work?");
      right.page.goBack();
      assertThat(right.css(".quiz h3")).hasText("Quiz: volcanoes");
      assertThat(left.complaints).isEmpty();
      assertThat(right.complaints).isEmpty();
    }
  }

  @Test
  void doubleClickAsksOnce() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "double");
      tab.page.getByLabel("Your question").fill("What is gravity?");
      tab.button("Ask").dblclick();

      assertThat(tab.css(".answer")).isVisible();
      assertThat(tab.css(".run")).hasCount(1);
      assertThat(stack.messages("double")).hasSize(4);
    }
  }

  @Test
  void questionSentTwiceBecauseItsAnswerWasLostIsOneRun() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "lost-answer");
      tab.page.route(
          "**/api/agent/run",
          route -> {
            route.fetch();
            route.abort();
          },
          new com.microsoft.playwright.Page.RouteOptions().setTimes(1));
      tab.ask("What is gravity?");
      assertThat(tab.css("#ask-problem")).containsText("cannot be reached");
      tab.button("Ask").click();

      assertThat(tab.css("#ask-problem")).hasCount(0);
      assertThat(tab.css(".answer")).isVisible();
      assertThat(stack.messages("lost-answer")).hasSize(4);
    }
  }

  @Test
  void busySessionOffersToWaitOrToInterrupt() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "busy").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".step.running .title")).hasText("Writing the questions");
      tab.ask("What is gravity?");
      assertThat(tab.css("#ask-problem")).containsText("busy");
      tab.button("Ask after it").click();
      assertThat(tab.css(".run .state").last()).hasText("waiting");

      tab.ask("How do tides work?");
      tab.button("Stop it and ask").click();
      assertThat(tab.css(".run .state")).hasText(new String[] {"stopped", "stopped", "done"});
      assertThat(tab.css(".answer")).containsText("How do tides work?");
    }
  }

  /// The Enter that ends a word of an input method; Safari sends it when the word has ended
  /// already.
  @ParameterizedTest
  @CsvSource({"true, 13", "true, 229", "false, 229"})
  void enterThatEndsAComposedWordAsksNothing(boolean composing, int keyCode) {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "composed-" + composing + keyCode);
      tab.page.getByLabel("Your question").fill("光合作用");
      for (String field : List.of("#question", "[name=count]", "[name=session]")) {
        Object went =
            tab.css(field)
                .evaluate(
                    """
                    (element, [isComposing, keyCode]) => {
                      element.dispatchEvent(new KeyboardEvent('keydown',
                          { key: 'Enter', isComposing, keyCode, bubbles: true, cancelable: true }));
                      return document.querySelector('[name=question]').value;
                    }""",
                    List.of(composing, keyCode));
        assertThat(went).isEqualTo("光合作用");
      }
      assertThat(tab.css(".run")).hasCount(0);

      tab.page.getByLabel("Your question").press("Enter");
      assertThat(tab.css(".run h2")).hasText("光合作用");
      assertThat(tab.css(".run")).hasCount(1);
    }
  }

  @Test
  void stepsAreCountedAsTheyAreShown() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "counted").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".step.running .title")).hasText("Writing the questions");
      assertThat(tab.css(".progress span")).hasText("Step 3 of 4");
      assertThat(tab.css(".step")).hasCount(3);
      // One that has waited shows that as a step too.
      stack.run("counted", "What is gravity?", "\"on_busy\":\"enqueue\"");
      tab.button("Stop").first().click();
      Locator second = tab.css(".run").last();
      assertThat(second.locator(".state")).hasText("done");
      assertThat(second.locator(".progress span")).hasText("Step 4 of 4");
      assertThat(second.locator(".step")).hasCount(4);
    }
  }

  @Test
  void unreachableAgentIsSaidInPlainWordsAndTheQuestionStays() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "unreachable");
      tab.page.route("**/api/agent/run", route -> route.abort());
      tab.ask("What is gravity?");

      assertThat(tab.css("#ask-problem")).containsText("The server cannot be reached");
      assertThat(tab.page.getByLabel("Your question")).hasValue("What is gravity?");
    }
  }

  @Test
  void wrongInputIsRefusedAtItsField() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "wrong");
      tab.page.getByLabel("Your question").press("Enter");
      assertThat(tab.css("#ask-problem")).hasText("Write a question first.");
      tab.page.getByLabel("Questions in a quiz").fill("51");
      tab.ask("Create a quiz about tides");
      assertThat(tab.css("#ask-problem")).hasText("A quiz has 1 to 50 questions.");
      assertThat(tab.page.getByLabel("Questions in a quiz")).hasAttribute("aria-invalid", "true");
      tab.page.getByLabel("Questions in a quiz").fill("");
      tab.page
          .getByRole(com.microsoft.playwright.options.AriaRole.TEXTBOX)
          .nth(1)
          .fill("no spaces");
      tab.page.getByLabel("Your question").press("Enter");
      assertThat(tab.css("#ask-problem")).containsText("A session id has");
      assertThat(stack.messages("wrong")).isEmpty();
    }
  }
}
