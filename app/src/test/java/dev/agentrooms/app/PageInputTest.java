package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.agentrooms.app.Chromium.Tab;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that asks a person, in a browser.
@Tag("browser")
class PageInputTest {

  @TempDir private static Path folder;
  @AutoClose private static Desk desk;
  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private static int sessions;

  private final String session = "asked-" + ++sessions;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.shared();
    desk = Desk.start();
    stack = desk.stack(folder);
  }

  @BeforeEach
  void forget() {
    desk.replies.clear();
  }

  private String run(String workflow) {
    return stack.run(
        session,
        "Answer ticket 4711",
        "\"workflow\":\"" + workflow + "\"",
        "\"input\":{\"ticket\":4711}");
  }

  private Tab asked(String workflow) {
    run(workflow);
    Tab tab = chromium.tab().withDetails().open(stack, session);
    assertThat(tab.css(".input")).isVisible();
    return tab;
  }

  @Test
  void whatWillBeSentIsShownAndSentWhenApproved() {
    try (Tab tab = asked("direct")) {
      assertThat(tab.css(".run .state")).hasText("waits for you");
      assertThat(tab.css("nav [aria-current] .state")).hasText("waits for you");
      // Each argument by its name.
      assertThat(tab.page.getByLabel("text", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("About: The lamp is broken.");

      tab.page.getByLabel("Comment (optional)").fill("as it is");
      tab.button("Approve").click();

      assertThat(tab.css(".run .state")).hasText("done");
      assertThat(tab.css(".input")).hasCount(0);
      assertThat(tab.css(".step .fact", "approved")).isVisible();
      assertThat(desk.replies)
          .extracting(Desk.Reply::body)
          .containsExactly("{\"text\":\"About: The lamp is broken.\"}");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void theArgumentsOfACallThatCannotBeEditedAreShown() {
    try (Tab tab = asked("closing")) {
      assertThat(tab.css(".input")).containsText("May this be done?");
      assertThat(tab.css(".input textarea")).hasCount(0);
      assertThat(tab.css(".input code").first()).hasText("close_ticket");
    }
  }

  @Test
  void whatWasRejectedIsNotDone() {
    try (Tab tab = asked("direct")) {
      tab.button("Reject").click();
      assertThat(tab.css(".run .state")).hasText("failed");
      assertThat(tab.css(".outcome.failed")).containsText("send was rejected.");
      assertThat(desk.replies).isEmpty();
    }
  }

  @Test
  void anAnswerIsEditedAndGivenByTheKeyboardAlone() {
    try (Tab tab = asked("reviewed")) {
      Locator box = tab.page.getByLabel("You can edit this first");
      assertThat(box).hasValue("About: The lamp is broken.");
      box.focus();
      tab.page.keyboard().press("Control+A");
      tab.page.keyboard().type("A new lamp is on its way.");
      tab.page.keyboard().press("Tab");
      assertThat(tab.page.getByLabel("Comment (optional)")).isFocused();
      tab.page.keyboard().press("Tab");
      assertThat(tab.button("Send")).isFocused();
      tab.page.keyboard().press("Enter");

      // The reply is the very value that was given; it is not asked about again.
      assertThat(tab.css(".run .state")).hasText("done");
      assertThat(desk.replies)
          .extracting(Desk.Reply::body)
          .containsExactly("{\"text\":\"A new lamp is on its way.\"}");
    }
  }

  @Test
  void whatIsWrongWithAValueIsSaidAtItsField() {
    try (Tab tab = asked("form")) {
      Locator box = tab.css(".input textarea");
      box.fill("\"many\"");
      tab.button("Send").click();
      assertThat(tab.css(".input .why")).containsText("integer");
      assertThat(box).hasAttribute("aria-invalid", "true");
      assertThat(tab.css("#urgent")).containsText("integer");

      box.fill("7 lamps");
      tab.button("Send").click();
      assertThat(tab.css(".input .why")).containsText("not JSON");

      box.fill("7");
      tab.button("Send").click();
      assertThat(tab.css(".run .state")).hasText("done");
    }
  }

  @Test
  void oneOfTheOptionsIsPicked() {
    try (Tab tab = asked("choice")) {
      tab.button("Send").click();
      assertThat(tab.css(".input .why")).hasText("Choose one of these first.");
      tab.page.getByLabel("blue").check();
      tab.button("Send").click();
      assertThat(tab.css(".run .state")).hasText("done");
      assertThat(tab.css(".run .outcome")).containsText("blue");
    }
  }

  @Test
  void whatSomebodyElseAnswersIsSeenAtOnce() {
    try (Tab tab = asked("choice");
        Tab other = chromium.tab().open(stack, session)) {
      other.page.getByLabel("red").check();
      other.button("Send").click();
      assertThat(tab.css(".input")).hasCount(0);
      assertThat(tab.css(".run .outcome")).containsText("red");
    }
  }

  @Test
  void aRunThatWaitsCanBeCancelled() {
    try (Tab tab = asked("choice")) {
      tab.button("Stop").click();
      assertThat(tab.css(".run .state")).hasText("stopped");
      assertThat(tab.css(".input")).hasCount(0);
    }
  }

  @Test
  void aCardFitsAndAxeFindsNothing() {
    try (Tab tab = asked("form")) {
      tab.css(".input textarea").fill("{");
      tab.button("Send").click();
      assertThat(tab.css(".input .why")).isVisible();
      Axe.findsNothingBut(null, tab, "asked", 320);
      assertThat(tab.widthAt(320)).isEqualTo(320);
    }
  }
}
