package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An answer is Markdown while it is written, too: nobody sees half a mark, and however long it
/// gets, the page stays quick and small.
@Tag("browser")
class PageWritingTest {

  // Of processor time, for one task: many times what it takes, far less than if it grew with the
  // square of the text.
  private static final long MOST_MICROS = 1_000_000;

  private static final String DOCUMENT =
      """
      # The title

      Some **bold** text, *em* and `code **x**`, and [a link](https://example.org/x_y) with a_b_c.
      A second line with ~~gone~~ and **two *nested* marks**, ***both***, __strong__ [1] &amp; done.

      - one
      - two **b**
        - inner `x`

      1. first
      2. second

      ```js
      const a = "**not bold**";
      if (a | b) { x[1](2) }
      ```

      | a | b |
      |---|---|
      | 1 | **2** |

      > quoted *words*
      > more

      Heading two
      ---

      The end.""";

  // What the text of a page has of these, outside of code, is half a mark.
  private static final String HALF_MARKS =
      """
      async (text) => {
        const main = document.querySelector('script[src$="app/main.js"]').src;
        const { renderMarkdown, renderPiece } = await import(main.replace('main.js', 'markdown.js'));
        const seen = (nodes) => nodes.map((node) => {
          node.querySelectorAll?.('code').forEach((code) => code.remove());
          return node.textContent;
        }).join('\\n');
        const wrong = [];
        for (let end = 1; end <= text.length; end += 1) {
          const piece = await renderPiece(text.slice(0, end), []);
          const words = seen([...piece.settled, ...piece.open]);
          if (/[*`~|#>]|__|\\]\\(|-{2}/.test(words)) {
            wrong.push(`${JSON.stringify(text.slice(0, end).slice(-20))} is seen as ${words.slice(-30)}`);
          }
        }
        // Read piece by piece, it is the same in the end as at once.
        const pieces = document.createElement('div');
        let open = '';
        let above = [];
        let last = [];
        for (const part of text.match(/[^]{1,7}/g)) {
          open += part;
          const piece = await renderPiece(open, above);
          last.forEach((node) => node.remove());
          pieces.append(...piece.settled, ...piece.open);
          last = piece.open;
          open = open.slice(piece.length);
          above = piece.headings;
        }
        const whole = document.createElement('div');
        whole.append(await renderMarkdown(text));
        if (pieces.outerHTML !== whole.outerHTML) {
          wrong.push(`${pieces.outerHTML} is not ${whole.outerHTML}`);
        }
        return wrong;
      }""";

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private static int events;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings());
  }

  @Test
  void noHalfMarkIsSeenWhereverTheTextEndsAndTheWholeIsTheSame() {
    try (Tab tab = chromium.tab().withoutAgent()) {
      tab.open(stack, "marks");
      assertThat(tab.css(".connection")).hasText("Live");
      assertThat((List<?>) tab.page.evaluate(HALF_MARKS, DOCUMENT)).isEmpty();
    }
  }

  @Test
  void textIsMarkdownWhileItIsWritten() {
    try (Tab tab = chromium.tab().withoutAgent()) {
      Locator draft = begin(tab, "growing");
      int length = delta("growing", 0, "## Leaves\n\nThey are **gre");
      assertThat(draft.locator("h3")).hasText("Leaves");
      assertThat(draft.locator("strong")).hasText("gre");
      length = delta("growing", length, "en**. So:\n\n```py\nprint(1)\nif 1");
      assertThat(draft.locator("strong")).hasText("green");
      assertThat(draft.locator("pre code")).hasText("print(1)\nif 1");
      delta("growing", length, "\n```\n\n- one\n- two");
      assertThat(draft.locator("li")).hasText(new String[] {"one", "two"});
      assertThat(draft.locator("pre code")).hasText("print(1)\nif 1");
      assertThat(draft).not().containsText("```");

      publish("growing", "final_answer", "Done");
      assertThat(tab.css(".draft")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  /// In one block, which is never settled, and in many.
  @Test
  void aLongTextStaysSmoothAndSmall() {
    for (String piece : List.of("Some *words* and `code`.\n\n", "some words and ", "- an item\n")) {
      String session = "long-" + events;
      try (Tab tab = chromium.tab().withoutAgent()) {
        Locator draft = begin(tab, session);
        chromium.startTracing(tab);
        int length = 0;
        for (int i = 0; i < 150; i++) {
          length = delta(session, length, piece.repeat(25));
        }
        delta(session, length, "\n\nThe **end");
        assertThat(draft.locator("strong").last()).hasText("end");

        assertThat(MainThread.tasks(chromium.stopTracing()))
            .isNotEmpty()
            .allMatch(micros -> micros <= MOST_MICROS);
        assertThat(draft.textContent().length()).isLessThan(25_000);
        assertThat(draft.locator("*").count()).isLessThan(4_000);
        assertThat(tab.complaints).isEmpty();
      }
    }
  }

  /// Code of which the beginning is no longer shown is code all the same.
  @Test
  void longCodeStaysCode() {
    try (Tab tab = chromium.tab().withoutAgent()) {
      Locator draft = begin(tab, "code");
      int length = delta("code", 0, "````md\n```js\n");
      for (int i = 0; i < 60; i++) {
        length = delta("code", length, "a = **b** * `c`;\n".repeat(50));
      }
      delta("code", length, "last(");
      assertThat(draft.locator("pre code")).containsText("last(");
      assertThat(draft.locator("strong")).hasCount(0);
      assertThat(draft.textContent().length()).isLessThan(25_000);
    }
  }

  private static Locator begin(Tab tab, String session) {
    tab.open(stack, session);
    assertThat(tab.css(".connection")).hasText("Live");
    publish(session, "start_draft", "Writing");
    assertThat(tab.css(".run")).isVisible();
    return tab.css(".draft .markdown");
  }

  /// @return the length so far
  private static int delta(String session, int offset, String text) {
    ObjectNode delta =
        Json.object()
            .put("session_id", session)
            .put("run_id", "r-1")
            .put("part", "draft")
            .put("offset", offset)
            .put("text", text);
    assertThat(stack.post(stack.webUi() + "/api/agent/deltas", delta.toString()).status())
        .isEqualTo(200);
    return offset + text.length();
  }

  private static void publish(String session, String step, String message) {
    ObjectNode event =
        Json.object()
            .put("event_id", "w" + events++)
            .put("ts", Instant.now().toString())
            .put("session_id", session)
            .put("run_id", "r-1")
            .put("step", step)
            .put("message", message);
    event.putObject("meta").put("call_id", "c").put("status", "succeeded");
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event.toString()).status())
        .isEqualTo(200);
  }
}
