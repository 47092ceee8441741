package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Answers in Markdown that are written so that reading them takes minutes, all of the stack, or
/// all of the memory: they are shown as they were written, and the page stays as quick as it was.
@Tag("browser")
class PageMarkdownTest {

  // Twenty times what a task of the page usually takes, and a thousandth of what these once took.
  private static final long FELT_MICROS = 400_000;

  @AutoClose private static Stack stack;
  private static Chromium chromium;
  // All texts come to this one, each in a session of its own.
  @AutoClose private static Tab tab;

  private static int events;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings());
    tab = chromium.tab().withDetails().withoutAgent().open(stack, "markdown");
    assertThat(tab.css(".connection")).hasText("Live");
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("emphasis that never ends", filled("*a_")),
        Arguments.of("emphasis of three kinds", filled("**a*__b_~~")),
        Arguments.of("strikethrough that never ends", filled("~~a ")),
        Arguments.of("quotes in quotes", filled("> ")),
        Arguments.of("lists in lists", filled("- ")),
        Arguments.of("numbered lists in lists", filled("1. ")),
        Arguments.of("a list that goes deeper line by line", deeper()),
        Arguments.of("brackets in brackets", filled("[")),
        Arguments.of("links in links", filled("[a](")),
        Arguments.of("images in images", filled("![a](<")),
        Arguments.of("half a reference", filled("[a]: <")),
        Arguments.of("backticks of every number", backticks()),
        Arguments.of("tags that never end", filled("<a b=\"")),
        Arguments.of("comments that never end", filled("<!-- -")),
        Arguments.of("addresses of mail that are none", filled("a@a.")),
        Arguments.of("a table of a thousand columns", wideTable()),
        Arguments.of("a table that is all cells", "|a|b|\n|-|-|\n" + filled("|x|y|\n")),
        Arguments.of("more items than a page can hold", filled("- a\n")),
        Arguments.of("more lines than a page can hold", filled("a  \n")),
        Arguments.of("one long reference, used again and again", references()),
        Arguments.of("signs that each become six", filled("\"")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void textIsReadableAndThePageStaysQuick(String name, String text) {
    String session = "markdown-" + events++;
    tab.complaints.clear();
    tab.goTo(session);
    assertThat(tab.css(".run")).hasCount(0);
    assertThat(tab.css(".connection")).hasText("Live");
    chromium.startTracing(tab);
    answer(session, text + " and the end");

    assertThat(tab.css(".answer")).containsText(text.substring(0, 1));
    assertThat(tab.css(".answer :is(.markdown, .plain:not(.waiting))")).isVisible();
    publish(session, "progress", Json.object());
    assertThat(tab.css(".run").last().locator(".step")).hasCount(1);
    assertThat(MainThread.tasks(chromium.stopTracing()))
        .isNotEmpty()
        .allMatch(micros -> micros < FELT_MICROS);
    // The next answer is not held up by this one, nor shown like it.
    answer(session, "An *ordinary* answer");
    assertThat(tab.css(".markdown em", "ordinary")).isVisible();
    assertThat(tab.complaints).isEmpty();
  }

  @Test
  void whatCannotBeRenderedSaysSoAndIsAllThere() {
    String text = filled("*a_");
    answer("markdown-plain", text);
    tab.goTo("markdown-plain");

    assertThat(tab.css(".answer > .soft"))
        .hasText("Shown as it was written: it would take too long to format.");
    assertThat(tab.css(".plain")).hasText(text);
    assertThat(tab.button("Copy")).isVisible();
  }

  @Test
  void withoutAWorkerTheAnswerIsReadable() {
    try (Tab other = chromium.tab().withDetails().withoutAgent()) {
      other.page.route("**/markdown-worker.js", route -> route.abort());
      answer("markdown-none", "An *ordinary* answer");
      other.open(stack, "markdown-none");

      assertThat(other.css(".plain:not(.waiting)")).hasText("An *ordinary* answer");
    }
  }

  private static String filled(String part) {
    return part.repeat(19_900 / part.length());
  }

  private static String deeper() {
    StringBuilder list = new StringBuilder();
    for (int depth = 0; list.length() < 19_000; depth++) {
      list.append(" ".repeat(depth)).append("- a\n");
    }
    return list.toString();
  }

  private static String backticks() {
    StringBuilder text = new StringBuilder();
    for (int length = 1; text.length() < 19_000; length++) {
      text.append("`".repeat(length)).append(" a ");
    }
    return text.toString();
  }

  /// Every row is filled up to the width of the first.
  private static String wideTable() {
    return "|a".repeat(1000) + "|\n" + "|-".repeat(1000) + "|\n" + "x\n".repeat(7000);
  }

  private static String references() {
    return "[a]: https://example.org/" + "a".repeat(8000) + "\n\n" + "[a] ".repeat(2900);
  }

  private static void answer(String session, String text) {
    ObjectNode meta = Json.object().put("status", "succeeded");
    meta.putObject("result").put("answer", text);
    publish(session, "final_answer", meta);
  }

  private static void publish(String session, String step, ObjectNode meta) {
    ObjectNode event =
        Json.object()
            .put("event_id", "m" + events)
            .put("ts", "2026-11-22T10:00:00Z")
            .put("session_id", session)
            .put("run_id", "r-" + events++)
            .put("step", step);
    event.set("meta", meta);
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event.toString()).status())
        .isEqualTo(200);
  }
}
