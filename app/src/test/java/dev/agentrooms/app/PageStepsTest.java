package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.EnumSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Runs of producers elsewhere, with steps that the page has never heard of.
@Tag("browser")
class PageStepsTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private static final Instant BEGIN = Instant.parse("2026-11-22T10:00:00Z");

  private static int events;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings());
  }

  /// A producer that names its calls, two of which go on at the same time.
  private static void publishTicket(String session) {
    publish(session, 0, "queued", "Waiting for a desk", "{}");
    publish(
        session,
        100,
        "intent_determined",
        "About billing",
        """
        {"title":"Read the request","question":"Answer ticket 4711",
         "steps":["intent_determined","start_fetch","fetch_done","start_draft","draft_done","final_answer"]}""");
    publish(
        session, 200, "start_fetch", "Fetching 4711", call("c1", "Fetch the ticket", "arguments"));
    publish(
        session,
        300,
        "start_history",
        "Looking",
        call("c2", "Look up earlier tickets", "arguments"));
    publish(session, 400, "tool_retry", "Once more", call("c1", "Fetch the ticket", "attempt"));
    publish(session, 2200, "fetch_done", "From Ann", call("c1", "Fetch the ticket", "output"));
  }

  @Test
  void aCallIsOneRowWithItsTitleWhateverItsStepsAreCalled() {
    try (Tab tab = watching("ticket")) {
      publishTicket("ticket");

      assertThat(tab.css(".run h2")).hasText("Answer ticket 4711");
      assertThat(tab.css(".run .state")).hasText("running");
      assertThat(tab.css(".log progress")).hasAttribute("value", "3");
      assertThat(tab.css("progress")).hasAttribute("max", "5");
      assertRows(
          tab,
          "done: Waited for its turn",
          "done: Read the request",
          "done: Fetch the ticket",
          "running: Look up earlier tickets");
      Locator fetched = tab.step("Fetch the ticket");
      assertThat(fetched.locator(".took")).hasText("2.0 s");
      assertThat(fetched.locator(".fact")).hasText(new String[] {"From Ann", "tried once more"});
      fetched.locator("summary").click();
      assertThat(fetched.locator(".payload figcaption > span:first-child"))
          .hasText(new String[] {"Input", "Output"});
      assertThat(tab.step("Look up").locator(".fact")).hasText("Looking");
      assertThat(tab.step("Look up").locator("details")).not().hasAttribute("open", "");

      publish(
          "ticket",
          3300,
          "tool_error",
          "The CRM is slow.",
          call("c2", "Look up earlier tickets", "x"));
      assertThat(tab.step("Look up").locator("details")).hasAttribute("open", "");
      assertThat(tab.step("Look up").locator(".why")).hasText("The CRM is slow.");
      assertThat(tab.step("Look up").locator(".took")).hasText("3.0 s");
      // In words of its own, with an end that only its call tells.
      publish("ticket", 3400, "composing", "Composing", call("c3", "Write a reply", "x"));
      publish("ticket", 3500, "composing", "40 words", call("c3", "Write a reply", "x"));
      assertThat(tab.css(".step.running .fact")).hasText("40 words");
      publish("ticket", 4400, "composed", "60 words", call("c3", "Write a reply", "x"));
      publish("ticket", 4500, "start_send", "Sending", call("c4", "Send it", "x"));
      publish("ticket", 5500, "cancelled", "Cancelled: requested", "{\"reason\":\"requested\"}");
      assertRows(
          tab,
          "done: Waited for its turn",
          "done: Read the request",
          "done: Fetch the ticket",
          "failed: Look up earlier tickets",
          "done: Write a reply",
          "stopped: Send it",
          "stopped: Stopped");
      assertThat(tab.step("Write a reply").locator(".took")).hasText("1.0 s");
      assertThat(tab.step("Send it").locator(".took")).hasText("1.0 s");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void withoutCallsStepsAreReadByNameAndTool() {
    try (Tab tab = watching("crawl")) {
      publishOfTool("crawl", 0, "start_crawl", "web", "Crawling");
      publishOfTool("crawl", 100, "start_summary", "llm", "Summing up");
      publishOfTool("crawl", 200, "thought", null, "A remark between");
      assertRows(tab, "running: Crawling", "running: Summing up", "done: A remark between");
      publishOfTool("crawl", 1000, "crawl_done", null, "12 pages");
      publishOfTool("crawl", 2100, "summed_up", "llm", "80 words");
      publishOfTool("crawl", 2100, "start_upload", null, "");
      publishOfTool("crawl", 3100, "upload_failed", null, "No space");

      assertRows(
          tab, "done: 12 pages", "done: 80 words", "done: A remark between", "failed: upload");
      assertThat(tab.css(".step .took")).hasText(new String[] {"1.0 s", "2.0 s", "", "1.0 s"});
      assertThat(tab.css(".run h2")).hasText("Run r-crawl");
      assertThat(tab.complaints).isEmpty();
    }
  }

  /// A failed call that is begun again, and one whose beginning is no longer retained.
  @Test
  void whatIsBegunAgainGoesOnAndAnEndAloneStands() {
    try (Tab tab = watching("again")) {
      publish(
          "again",
          0,
          "fetch_done",
          "From Ann",
          "{\"call_id\":\"c0\",\"title\":\"Fetch\",\"duration_ms\":1500}");
      publish("again", 0, "start_send", "Sending", call("c1", "Send it", "x"));
      publish("again", 100, "send_failed", "No line", call("c1", "Send it", "x"));
      assertRows(tab, "done: Fetch", "failed: Send it");
      publish("again", 200, "start_send", "Sending", call("c1", "Send it", "x"));
      assertRows(tab, "done: Fetch", "running: Send it");
      publish("again", 2000, "final_answer", "Done", "{}");

      assertRows(tab, "done: Fetch", "done: Send it", "done: Done");
      assertThat(tab.css(".step .took")).hasText(new String[] {"1.5 s", "2.0 s", ""});
      assertThat(tab.step("Send it").locator(".fact").last()).hasText("tried once more");
    }
  }

  @Test
  void aResultOfItsOwnIsATreeAndItsTextComesBeforeIt() {
    String result =
        """
        {"reply":"Dear Ann","articles":[{"id":"hb-12"},{"id":"hb-31"}],"items":["no grade"],
         "questions":["no quiz"],"deep":%s1%s,"many":[%s0],"<b>":null}"""
            .formatted("{\"a\":".repeat(60), "}".repeat(60), "0,".repeat(999));
    try (Tab tab = watching("result")) {
      publish(
          "result",
          0,
          "final_answer",
          "Done",
          "{\"status\":\"succeeded\",\"result\":" + result + "}");
      Locator tree = tab.css(".tree > ul");
      assertThat(tree.locator("> li > .name"))
          .hasText(new String[] {"reply", "articles", "items", "questions", "deep", "many", "<b>"});
      assertThat(tree.locator("> li").first()).hasText("reply Dear Ann");
      assertThat(tree).containsText("hb-31");
      assertThat(tree.locator("> li").nth(5)).containsText("950 more are not shown.");
      tab.page.context().grantPermissions(java.util.List.of("clipboard-read", "clipboard-write"));
      // What is said within a moment is read out as one.
      assertThat(tab.css("#polite")).hasText("Done.");
      tab.css(".tree").getByText("Copy").click();
      assertThat(tab.css("#polite")).hasText("Copied");
      String copied = (String) tab.page.evaluate("() => navigator.clipboard.readText()");
      assertThat(Json.parse(copied.getBytes(UTF_8)).path("many")).hasSize(1000);

      publish(
          "result",
          100,
          "final_answer",
          "Done",
          "{\"result\":{\"words\":80},\"text\":\"**Bold** words\\nin two lines\"}",
          "r-2");
      assertThat(tab.css(".run").last().locator(".markdown strong")).hasText("Bold");
      assertThat(tab.css(".run").last().locator(".markdown p"))
          .hasCSS("white-space", Pattern.compile("pre-line.*"));
      tab.css(".run").last().getByText("As data").click();
      assertThat(tab.css(".run").last().locator(".tree")).containsText("words 80");
      publish("result", 200, "final_answer", "Done", "{\"result\":\"Only words\"}", "r-3");
      assertThat(tab.css(".run").last().locator(".answer .markdown")).hasText("Only words");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void itFitsAndAxeFindsNothing() {
    try (Tab tab = watching("fits")) {
      publishTicket("fits");
      String word = "word".repeat(60);
      publish("fits", 3000, "start_long", word, call("c9", word, "arguments"));
      publish(
          "fits",
          4000,
          "final_answer",
          "Done",
          "{\"result\":{\"%s\":\"%s\",\"a\":{\"b\":[{\"c\":\"%s\"}]}}}"
              .formatted(word, word, word));

      assertThat(tab.css(".tree")).isVisible();
      for (int width : new int[] {1280, 390, 320}) {
        assertThat(tab.widthAt(width)).isEqualTo(width);
      }
      assertThat(tab.complaints).isEmpty();
      Axe.findsNothingBut(null, tab, "steps", 320);
    }
  }

  private static Tab watching(String session) {
    Tab tab = chromium.tab().withDetails().withoutAgent();
    tab.open(stack, session);
    assertThat(tab.css(".connection")).hasText("Live");
    return tab;
  }

  /// Every row by its mark and title, in order.
  private static void assertRows(Tab tab, String... rows) {
    Locator steps = tab.css(".steps > .step");
    assertThat(steps).hasCount(rows.length);
    for (int i = 0; i < rows.length; i++) {
      String[] row = rows[i].split(": ");
      assertThat(steps.nth(i)).hasClass(Pattern.compile("\\b" + row[0] + "\\b"));
      assertThat(steps.nth(i).locator(".title")).hasText(row[1]);
    }
  }

  private static String call(String id, String title, String member) {
    return "{\"call_id\":\"%s\",\"title\":\"%s\",\"%s\":{\"a\":1}}".formatted(id, title, member);
  }

  private static void publishOfTool(
      String session, int ms, String step, @Nullable String tool, String message) {
    send(event(session, "r-" + session, ms, step, message).put("tool", tool));
  }

  private static void publish(String session, int ms, String step, String message, String meta) {
    publish(session, ms, step, message, meta, "r-" + session);
  }

  private static void publish(
      String session, int ms, String step, String message, String meta, String run) {
    ObjectNode event = event(session, run, ms, step, message);
    event.set("meta", Json.parse(meta.getBytes(UTF_8)));
    send(event);
  }

  private static ObjectNode event(String session, String run, int ms, String step, String message) {
    return Json.object()
        .put("event_id", "e" + events++)
        .put("ts", BEGIN.plusMillis(ms).toString())
        .put("session_id", session)
        .put("run_id", run)
        .put("step", step)
        .put("message", message);
  }

  private static void send(ObjectNode event) {
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event.toString()).status())
        .as(event.toString())
        .isEqualTo(200);
  }
}
