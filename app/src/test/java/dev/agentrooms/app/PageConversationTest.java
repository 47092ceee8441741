package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A session as a conversation: what somebody said, one line for the work, the answer.
@Tag("browser")
class PageConversationTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private static int events;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick();
  }

  @Test
  void workIsOneLineUntilSomebodyWantsItsStepsAndNothingForDevelopersIsShown() {
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "one-line").ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");
      assertThat(tab.css(".fold .clock")).hasText(Pattern.compile("[1-9]\\d* s"));
      assertThat(tab.css(".step")).hasCount(0);

      tab.css(".fold").click();
      assertThat(tab.css(".step")).hasCount(3);
      assertThat(tab.css(".step.running .bar rect")).isVisible();
      tab.step("Searched").locator("summary").click();
      assertThat(tab.css(".inside")).not().containsText("rag_search");
      tab.button("Stop").click();
      assertThat(tab.css(".fold .words")).hasText(Pattern.compile("stopped\\s+3 steps\\s+.* s"));
      for (String hidden : List.of(".ids", ".payload", ".events a", "[name=session]")) {
        assertThat(tab.css(hidden)).hasCount(0);
      }

      // The switch shows it, and is remembered.
      tab.css("button.details").click();
      assertThat(tab.css(".inside")).containsText("rag_search");
      tab.page.reload();
      assertThat(tab.css(".ids a"))
          .hasAttribute("href", Pattern.compile("/sessions/one-line/runs/"));
      assertThat(tab.css("button.details")).hasAttribute("aria-pressed", "true");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void questionIsAskedAgainWithAChangeAndBothAreKept() {
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "changed").ask("What is gravity?");
      assertThat(tab.css(".answer .markdown")).isVisible();
      tab.button("Ask again with a change").click();
      assertThat(tab.page.getByLabel("Your question")).hasValue("What is gravity?");
      assertThat(tab.page.getByLabel("Your question")).isFocused();
      tab.ask("What is gravity on the Moon?");

      assertThat(tab.css(".run h2")).hasText("What is gravity on the Moon?");
      assertThat(tab.css(".branches > span")).hasText("2 of 2");
      assertThat(tab.css(".changing")).hasCount(0);
      List<JsonNode> told = stack.untilEnded("changed", 2);
      assertThat(told.get(4).path("meta").path("replaces"))
          .isEqualTo(told.getFirst().path("run_id"));
      // Whoever comes later sees both, too.
      tab.page.reload();
      assertThat(tab.css(".run h2")).hasText("What is gravity on the Moon?");
      tab.button("Earlier version").click();
      assertThat(tab.css(".run h2")).hasText("What is gravity?");
      assertThat(tab.css(".answer")).containsText("What is gravity?");
      assertThat(tab.complaints).isEmpty();
    }
  }

  /// Even one that is the server's own choice, too.
  @ParameterizedTest
  @CsvSource({"5, 5", "7, 7", "null, ''"})
  void onlyANumberOfQuestionsThatWasAskedForIsInTheBoxAgain(String asked, String inBox) {
    String session = "number-" + asked;
    stack.run(session, "Create a quiz about tides", "\"num_questions\":" + asked);
    stack.untilEnded(session, 1);
    try (Tab tab = chromium.tab()) {
      tab.open(stack, session);
      tab.button("Ask again with a change").click();
      assertThat(tab.page.getByLabel("Your question")).hasValue("Create a quiz about tides");
      assertThat(tab.page.getByLabel("Questions in a quiz")).hasValue(inBox);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void answerIsSeenWhileItIsWrittenAndItsMarkersOpenTheirSources() {
    try (Tab tab = chromium.tab().withoutAgent()) {
      tab.open(stack, "written");
      assertThat(tab.css(".connection")).hasText("Live");
      publish("written", "start_retrieval", "{\"call_id\":\"c1\"}");
      delta("written", 0, "Leaves are green ");
      delta("written", 17, "because of it [2].");
      assertThat(tab.css(".draft .markdown")).hasText("Leaves are green because of it [2].");

      publish(
          "written",
          "final_answer",
          """
          {"status":"succeeded","result":{"answer":"Leaves are green [1], and `a[1]` is code [7].",
           "chunks":[{"id":"a","source":"other.md","text":"Something else"},
                     {"id":"b","source":"leaves.md","text":"Chlorophyll is green."}],
           "citations":[{"marker":1,"chunk_id":"b","source":"leaves.md"}]}}""");
      assertThat(tab.css(".draft")).hasCount(0);
      Locator cite = tab.css(".markdown button.cite");
      assertThat(cite).hasCount(1);
      assertThat(tab.css(".markdown")).containsText("[7]");
      assertThat(tab.css(".sources summary bdi")).hasText(new String[] {"leaves.md", "other.md"});
      cite.press("Enter");
      assertThat(tab.css(".sources details[open] p")).hasText("Chlorophyll is green.");
      assertThat(tab.css(".sources summary").first()).isFocused();
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void linkIsMadeByTheServerAndElseThePagesOwn() {
    stack.run("shared", "What is gravity?");
    stack.untilEnded("shared", 1);
    try (Tab tab = chromium.tab()) {
      tab.page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      tab.page.route("**/api/agent/links", route -> answer(route, 404, "{}"));
      tab.open(stack, "shared");
      tab.button("Copy link").click();
      assertThat(tab.css("#polite")).hasText("Link copied");
      assertThat(copied(tab)).isEqualTo(stack.webUi() + "/?session=shared");

      tab.page.unroute("**/api/agent/links");
      tab.page.route(
          "**/api/agent/links",
          route -> answer(route, 201, "{\"url\":\"https://rooms.example/#token=t\"}"));
      tab.button("Link copied").click();
      Stack.await(() -> copied(tab), "https://rooms.example/#token=t"::equals);
    }
  }

  @Test
  void whatAProducerElsewhereAsksIsSeenAndAnsweredThere() {
    publish(
        "elsewhere",
        "input_required",
        "{\"input_id\":\"i\",\"kind\":\"ask\",\"prompt\":\"Which day?\",\"editable\":true}");
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "elsewhere");
      assertThat(tab.css(".run .notice"))
          .hasText("Which day? It is answered where this run comes from.");
      assertThat(tab.css(".fold .state")).hasText("waits for an answer");
      assertThat(tab.css(".input")).hasCount(0);
    }
  }

  @Test
  void theTabTellsThatARunEndedWhileNobodyLooked() {
    try (Tab tab = chromium.tab().withoutAgent()) {
      tab.open(stack, "unwatched");
      assertThat(tab.css(".connection")).hasText("Live");
      publish("unwatched", "intent_determined", "{\"question\":\"Are you done?\"}");
      assertThat(tab.page).hasTitle("Are you done? · Agent Rooms");
      hide(tab, true);
      publish("unwatched", "final_answer", "{\"status\":\"succeeded\",\"text\":\"Yes\"}");
      assertThat(tab.page).hasTitle("(done) Are you done? · Agent Rooms");
      assertThat(tab.css("link[rel=icon]")).hasAttribute("href", Pattern.compile("icon-done"));
      hide(tab, false);
      assertThat(tab.page).hasTitle("Are you done? · Agent Rooms");
    }
  }

  private static void hide(Tab tab, boolean hidden) {
    tab.page.evaluate(
        """
        (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden);
  }

  private static String copied(Tab tab) {
    return (String) tab.page.evaluate("() => navigator.clipboard.readText()");
  }

  private static void answer(Route route, int status, String body) {
    route.fulfill(
        new Route.FulfillOptions()
            .setStatus(status)
            .setContentType("application/json")
            .setBody(body));
  }

  private static void delta(String session, int offset, String text) {
    String delta =
        Json.object()
            .put("session_id", session)
            .put("run_id", "r-1")
            .put("part", "draft")
            .put("offset", offset)
            .put("text", text)
            .toString();
    assertThat(stack.post(stack.webUi() + "/api/agent/deltas", delta).status()).isEqualTo(200);
  }

  private static void publish(String session, String step, String meta) {
    String event =
        Json.object()
            .put("event_id", "c" + events++)
            .put("ts", "2026-11-22T10:00:00Z")
            .put("session_id", session)
            .put("run_id", "r-1")
            .put("step", step)
            .set("meta", Json.parse(meta.getBytes(StandardCharsets.UTF_8)))
            .toString();
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event).status()).isEqualTo(200);
  }
}
