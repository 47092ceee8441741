package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// XSS payloads wherever the page shows untrusted text. None may run, and none may get as far as
/// the content security policy.
@Tag("browser")
class PageXssTest {

  // Each would call `hit` if it became code.
  private static final List<String> TEXTS =
      List.of(
          "<script>hit()</script>",
          "<ScRiPt>hit()</sCrIpT>",
          "<script src=data:text/javascript,hit()></script>",
          "<script src=//127.0.0.1/x.js></script>",
          "\"><script>hit()</script>",
          "'><script>hit()</script>",
          "</textarea><script>hit()</script>",
          "</title><script>hit()</script>",
          "</style><script>hit()</script>",
          "--><script>hit()</script>",
          "]]><script>hit()</script>",
          "<img src=x onerror=hit()>",
          "<img src=x onerror=\"hit()\">",
          "<img/src=`x`onerror=hit()>",
          "<img srcset=x onerror=hit()>",
          "\"><img src=x onerror=hit()>",
          "\" onfocus=hit() autofocus x=\"",
          "' onmouseover='hit()",
          "<svg onload=hit()>",
          "<svg><script>hit()</script></svg>",
          "<svg><animate onbegin=hit() attributeName=x dur=1s>",
          "<svg><a xlink:href=javascript:hit()><text>x</text></a></svg>",
          "<svg><use href=\"data:image/svg+xml,<svg id=x onload=hit()>#x\"></use></svg>",
          "<math><mtext><mglyph><style><img src=x onerror=hit()></style>",
          "<math href=javascript:hit()>x</math>",
          "<body onload=hit()>",
          "<iframe src=javascript:hit()></iframe>",
          "<iframe srcdoc=\"<script>parent.hit()</script>\"></iframe>",
          "<object data=javascript:hit()></object>",
          "<embed src=javascript:hit()>",
          "<details open ontoggle=hit()>",
          "<video><source onerror=hit()></video>",
          "<audio src=x onerror=hit()>",
          "<input autofocus onfocus=hit()>",
          "<select autofocus onfocus=hit()>",
          "<marquee onstart=hit()>x</marquee>",
          "<form action=javascript:hit()><button>x</button></form>",
          "<button formaction=javascript:hit()>x</button>",
          "<meta http-equiv=refresh content=0;url=javascript:hit()>",
          "<base href=javascript:/>",
          "<link rel=stylesheet href=data:text/css,*{color:red}>",
          "<style>@import 'data:text/css,*{display:none}'</style>",
          "<p style=background:url(javascript:hit())>x</p>",
          "<template><script>hit()</script></template>",
          "<noscript><p title=\"</noscript><img src=x onerror=hit()>\">",
          "[click](javascript:hit())",
          "![x](x\" onerror=\"hit())",
          "<a href=\"jav&#x09;ascript:hit()\">x</a>",
          "${hit()} {{hit()}} <%= hit() %>",
          "__proto__ constructor.constructor('hit()')()");

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.quick("webui.room.history-size", 1000);
  }

  @Test
  void thereAreFiftyDifferentTexts() {
    assertThat(TEXTS).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void noQuestionChunkQuizOrAnswerRunsAsCode() {
    for (String text : TEXTS) {
      stack.run(
          "xss", "Create a quiz about " + text, "\"on_busy\":\"enqueue\",\"num_questions\":1");
      stack.run("xss", "What is " + text + "?", "\"on_busy\":\"enqueue\"");
    }
    stack.untilEnded("xss", 100);
    try (Tab tab = watched()) {
      tab.open(stack, "xss");
      tab.showAllRuns(100);
      tab.clickAll(".run .fold[aria-expanded=false]");
      assertThat(tab.css(".quiz")).hasCount(50);
      assertThat(tab.css(".markdown")).hasCount(50);
      tab.clickAll(".step details:not([open]) summary");
      tab.clickAll(".sources details:not([open]) summary");
      for (String text : TEXTS) {
        assertThat(tab.css(".run h2", text).first()).isVisible();
      }
      assertHarmless(tab);
    }
  }

  @Test
  void noFieldOfAForeignEventRunsAsCode() {
    ArrayNode questions = Json.object().putArray("questions");
    StringBuilder markdown = new StringBuilder();
    int number = 0;
    for (String text : TEXTS) {
      number++;
      ObjectNode question = questions.addObject().put("id", text).put("text", text);
      question.putObject("options").put(text, text).put("b", text);
      markdown
          .append(text)
          .append("\n\n- ")
          .append(text)
          .append("\n\n`")
          .append(text)
          .append("`\n\n");
      ObjectNode meta = Json.object().put("trace_id", text).put("topic", text).put("intent", text);
      meta.set("input", Json.object().put(text, text));
      meta.put("tool", text).put("reason", text).put("status", text);
      publish(
          number, "r-" + number + text, number % 2 == 0 ? "tool_error" : "something", text, meta);
    }
    ObjectNode quiz = Json.object().put("exam_id", "<b>").put("title", TEXTS.getFirst());
    quiz.set("questions", questions);
    publish(1001, "r quiz", "final_answer", "x", outcome(quiz));
    ObjectNode answer = Json.object().put("answer", markdown.toString());
    answer
        .putArray("chunks")
        .addObject()
        .put("id", "1")
        .put("text", TEXTS.get(11))
        .put("source", TEXTS.get(11))
        .put("score", TEXTS.get(11));
    publish(1002, "r answer", "final_answer", "x", outcome(answer));
    try (Tab tab = watched()) {
      tab.open(stack, "xss-events");
      tab.showAllRuns(52);
      tab.clickAll(".run .fold[aria-expanded=false]");
      tab.clickAll(".step details:not([open]) summary");
      assertThat(tab.css(".quiz fieldset")).hasCount(50);
      assertThat(tab.css(".markdown code").first()).hasText(TEXTS.getFirst());
      assertThat(tab.css(".markdown [href^='javascript' i], .markdown img, .markdown svg"))
          .hasCount(0);
      assertHarmless(tab);
    }
  }

  private static ObjectNode outcome(ObjectNode result) {
    ObjectNode meta = Json.object().put("status", "succeeded");
    meta.set("result", result);
    return meta;
  }

  private static void publish(
      int number, String runId, String step, String message, ObjectNode meta) {
    ObjectNode event =
        Json.object()
            .put("event_id", "e" + number)
            .put("ts", "2026-11-22T10:00:00Z")
            .put("session_id", "xss-events")
            .put("run_id", runId)
            .put("step", step)
            .put("tool", message)
            .put("message", message);
    event.set("meta", meta);
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event.toString()).status())
        .isEqualTo(200);
  }

  private static Tab watched() {
    Tab tab = chromium.tab().withDetails();
    tab.page.addInitScript(
        """
        window.hits = [];
        window.hit = () => window.hits.push('ran');
        addEventListener('securitypolicyviolation', (event) => window.hits.push(event.violatedDirective));
        """);
    return tab;
  }

  private static void assertHarmless(Tab tab) {
    assertThat(tab.page.evaluate("() => window.hits")).isEqualTo(List.of());
    assertThat(tab.complaints).isEmpty();
    assertThat(tab.css("#app script, #app iframe, #app object, #app embed")).hasCount(0);
  }
}
