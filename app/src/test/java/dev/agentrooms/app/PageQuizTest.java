package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Taking a quiz in a browser. Of the stand-in's questions the right options are b, a, c, d, b, …
@Tag("browser")
class PageQuizTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick();
  }

  /// The page of a session whose quiz is there.
  private static Tab quiz(String session, int questions) {
    stack.run(session, "Create a quiz about tides", "\"num_questions\":" + questions);
    stack.untilEnded(session, 1);
    Tab tab = chromium.tab();
    tab.open(stack, session);
    return tab;
  }

  @Test
  void quizIsTakenAndGradedByKeyboardAlone() {
    try (Tab tab = quiz("keyboard", 3)) {
      assertThat(tab.css(".quiz fieldset")).hasCount(3);
      Keyboard keys = tab.page.keyboard();
      // From the line of work down, with nothing but Tab, arrows, Space and Enter.
      tab.css(".run .fold").focus();
      tabTo(tab, tab.css(".quiz input").first());
      keys.press("Space");
      keys.press("ArrowDown"); // b, which is right
      keys.press("Tab");
      assertThat(tab.button("Next")).isFocused();
      keys.press("Enter");
      assertThat(tab.css(".quiz .progress span")).hasText("Question 2 of 3");
      assertThat(tab.css(".quiz fieldset").nth(1).locator("input").first()).isFocused();
      keys.press("Space"); // a, which is right
      keys.press("Enter"); // within a question: the next one
      assertThat(tab.css(".quiz fieldset").nth(2).locator("input").first()).isFocused();
      keys.press("Space"); // a, which is wrong
      keys.press("Tab");
      assertThat(tab.button("Back")).isFocused();
      keys.press("Tab");
      assertThat(tab.button("Check my answers")).isFocused();
      keys.press("Enter");

      assertThat(tab.css(".quiz .score")).hasText("2 of 3 right");
      assertThat(tab.css(".quiz .ring")).hasAttribute("aria-label", "Score: 67 %");
      assertThat(tab.css("#polite")).containsText("2 of 3 right");
      assertThat(tab.css(".quiz fieldset.right")).hasCount(2);
      Locator wrong = tab.css(".quiz fieldset.wrong");
      assertThat(wrong.locator(".verdict")).hasText("Not quite. The right option is c.");
      assertThat(wrong.locator(".option.expected")).containsText("right answer");
      assertThat(wrong.locator(".option.mistaken")).containsText("your answer");
      // What the grader calls by its letter has that letter.
      assertThat(wrong.locator(".option.expected .letter")).hasText("c");
      assertThat(tab.css(".quiz fieldset").first().locator(".letter"))
          .hasText(new String[] {"a", "b", "c", "d"});
      assertThat(tab.css(".quiz fieldset.right .verdict").first())
          .hasText("Right. That is what the note does.");
      // The focus is where it was, on the same button with another offer.
      assertThat(tab.button("Take it again")).isFocused();
      keys.press("Enter");
      assertThat(tab.css(".quiz input:checked")).hasCount(0);
      assertThat(tab.css(".quiz .score")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  /// Whoever is faster than the page is drawn: all in one go, without a frame in between.
  @Test
  void whatIsChosenCountsAtOnce() {
    try (Tab tab = quiz("fast", 3)) {
      assertThat(tab.css(".quiz fieldset")).hasCount(3);

      tab.page.evaluate(
          """
          () => {
            const form = document.querySelector('form.quiz');
            form.querySelectorAll('fieldset').forEach((each) => each.querySelector('input').click());
            form.requestSubmit();
          }""");

      assertThat(tab.css(".quiz .score")).containsText("of 3 right");
      assertThat(tab.css(".quiz input:checked")).hasCount(3);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void openQuestionsAreNamedBeforeAnythingIsSent() {
    try (Tab tab = quiz("open", 2)) {
      assertThat(tab.css(".quiz fieldset:visible")).hasCount(1);
      tab.button("Next").click();
      tab.css(".quiz fieldset").last().locator("label").first().click();
      tab.button("Check my answers").click();

      assertThat(tab.css(".quiz > .why")).hasText("1 question has no answer yet.");
      assertThat(tab.css("#urgent")).hasText("1 question has no answer yet.");
      assertThat(tab.css(".quiz fieldset").first().locator("input").first()).isFocused();
      assertThat(stack.messages("open")).hasSize(6);
    }
  }

  @Test
  void gradeIsThereAgainAfterARefresh() {
    try (Tab tab = quiz("again", 1)) {
      tab.css(".quiz label").nth(1).click();
      tab.button("Check my answers").click();
      assertThat(tab.css(".quiz .score")).hasText("1 of 1 right");

      tab.page.reload();
      assertThat(tab.css(".quiz .score")).hasText("1 of 1 right");
      assertThat(tab.css(".quiz input:checked")).hasValue("b");
      assertThat(tab.css(".run")).hasCount(2);
      assertThat(tab.css(".run").last().locator(".score")).hasText("1 of 1 right");
      // And so is one that is being taken again.
      tab.button("Take it again").click();
      tab.css(".quiz label").first().click();
      tab.page.reload();
      assertThat(tab.css(".quiz input:checked")).hasValue("a");
      assertThat(tab.css(".quiz .score")).hasCount(0);
    }
  }

  /// Whether the quiz is on the page or only its check.
  @Test
  void verdictIsNotSaidTwice() {
    String check =
        """
        {"event_id":"%s","ts":"2026-11-22T10:00:00Z","session_id":"verdicts","run_id":"%s",
         "step":"%s","meta":%s}""";
    String result =
        """
        {"status":"succeeded","result":{"exam_id":"%s","score":1,"max_score":3,"items":[
         {"question_id":"q1","correct":true,"expected":"a","comment":"right"},
         {"question_id":"q2","correct":false,"expected":"b","comment":"The right option is b."},
         {"question_id":"q3","correct":false,"expected":"c","comment":" Not quite. "}]}}""";
    String quiz =
        """
        {"status":"succeeded","result":{"exam_id":"here","questions":[
         {"id":"q1","text":"?","options":{"a":"yes","b":"no"}},
         {"id":"q2","text":"?","options":{"a":"yes","b":"no"}},
         {"id":"q3","text":"?","options":{"a":"yes","c":"no"}}]}}""";
    String submitted =
        "{\"input\":{\"exam_id\":\"here\",\"answers\":{\"q1\":\"a\",\"q2\":\"a\",\"q3\":\"a\"}}}";
    for (String event :
        List.of(
            check.formatted("e1", "r-1", "final_answer", quiz),
            check.formatted("e2", "r-2", "start_grading", submitted),
            check.formatted("e3", "r-2", "final_answer", result.formatted("here")),
            check.formatted("e4", "r-3", "final_answer", result.formatted("elsewhere")))) {
      assertThat(stack.post(stack.webUi() + "/api/agent/progress", event).status()).isEqualTo(200);
    }
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "verdicts");
      assertThat(tab.css(".quiz .verdict"))
          .hasText(new String[] {"Right.", "Not quite. The right option is b.", "Not quite."});
      assertThat(tab.css(".items li"))
          .hasText(
              new String[] {
                "q1: Right.",
                "q2: Not quite. The right option is b.",
                "q3: Not quite. The right answer is c."
              });
    }
  }

  @Test
  void gradingThatFailsSaysSoAndLeavesTheAnswers() {
    String quiz =
        """
        {"event_id":"e1","ts":"2026-11-22T10:00:00Z","session_id":"bad-exam","run_id":"r-1",
         "step":"final_answer","meta":{"status":"succeeded","result":{"exam_id":"[exam:500]",
         "title":"Broken","questions":[{"id":"q1","text":"?","options":{"a":"yes","b":"no"}}]}}}""";
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", quiz).status()).isEqualTo(200);
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "bad-exam");
      tab.css(".quiz label").first().click();
      tab.button("Check my answers").click();

      assertThat(tab.css(".quiz .why")).containsText("The answers could not be checked.");
      assertThat(tab.css(".quiz .why")).containsText("answered with an error (500)");
      assertThat(tab.css(".quiz input:checked")).hasValue("a");
      assertThat(tab.css(".quiz button[type=submit]")).hasText("Check my answers");
    }
  }

  private static void tabTo(Tab tab, Locator wanted) {
    for (int presses = 0; presses < 30; presses++) {
      tab.page.keyboard().press("Tab");
      if (Boolean.TRUE.equals(wanted.evaluate("element => element === document.activeElement"))) {
        return;
      }
    }
    throw new AssertionError("Tab does not lead to " + wanted);
  }
}
