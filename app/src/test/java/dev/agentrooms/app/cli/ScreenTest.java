package dev.agentrooms.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line's output.
@Tag("unit")
class ScreenTest {

  private final StringWriter written = new StringWriter();
  private final Screen terminal = new TerminalScreen(new PrintWriter(written), false);

  @Test
  void finishedStepsStandWithTheirDurations() {
    terminal.event(
        event("00.000", "intent_determined", "Understood", ",\"meta\":{\"question\":\"Why?\"}"));
    terminal.event(event("00.010", "start_retrieval", "Searching", ",\"tool\":\"rag_search\""));
    terminal.tick();
    terminal.event(event("01.260", "retrieval_done", "Searched", ",\"tool\":\"rag_search\""));
    terminal.event(event("01.300", "final_answer", "Done", ",\"meta\":{\"duration_ms\":1300}"));

    assertThat(standing())
        .containsExactly(
            "s  Why?  r-1",
            "  ✓    0.01 s  Understood",
            "  ✓    1.25 s  Searched",
            "  ✓    1.30 s  Done");
  }

  @Test
  void failureAndCancelHaveMarksOfTheirOwn() {
    terminal.event(event("00.000", "tool_retry", "Once more", ",\"level\":\"warning\""));
    terminal.event(event("00.000", "tool_error", "Broken", ",\"level\":\"error\""));
    terminal.event(event("00.000", "cancelled", "Cancelled", ",\"level\":\"warning\""));

    assertThat(standing().subList(1, 4))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("  ! ").endsWith("Once more"),
            line -> assertThat(line).startsWith("  ✗ ").endsWith("Broken"),
            line -> assertThat(line).startsWith("  ■ ").endsWith("Cancelled"));
  }

  @ParameterizedTest
  @CsvSource({
    "tool_error, error, ✗",
    "final_answer, error, ✗",
    "cancelled, warning, ■",
    "final_answer, info, ✓",
  })
  void workIsMarkedByHowItEnded(String step, String level, String mark) {
    terminal.event(event("00.000", "start_retrieval", "Searching", ",\"tool\":\"rag_search\""));
    terminal.event(event("02.000", step, "Then", ",\"level\":\"" + level + "\""));

    assertThat(standing().get(1)).isEqualTo("  " + mark + "    2.00 s  Searching");
  }

  @Test
  void waitingThatIsCancelledIsStoppedAndWhatWasUnderstoodStands() {
    terminal.event(event("00.000", "queued", "Waiting", ""));
    terminal.event(event("01.000", "intent_determined", "Understood", ""));
    terminal.event(event("02.000", "cancelled", "Cancelled", ",\"level\":\"warning\""));
    terminal.event(event("03.000", "queued", "Waiting again", ""));
    terminal.event(event("04.000", "cancelled", "Cancelled", ",\"level\":\"warning\""));

    assertThat(standing().stream().skip(1).map(line -> line.substring(2, 3)))
        .containsExactly("✓", "✓", "■", "■", "■");
  }

  @Test
  void workThatIsNoLongerWatchedIsNotDone() {
    terminal.event(event("00.000", "start_retrieval", "Searching", ""));
    terminal.close();

    assertThat(standing().getLast()).startsWith("  … ").endsWith("Searching");
  }

  @Test
  void aRetryIsPartOfItsStep() {
    String tool = ",\"tool\":\"rag_search\"";
    terminal.event(event("00.000", "start_retrieval", "Searching", tool));
    terminal.event(event("01.000", "tool_retry", "Once more", tool + ",\"level\":\"warning\""));
    terminal.event(event("03.000", "retrieval_done", "Searched", tool));

    assertThat(standing().subList(1, 3))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("  ! ").endsWith("Once more"),
            line -> assertThat(line).isEqualTo("  ✓    3.00 s  Searched"));
  }

  @Test
  void noticeComesBetweenAndTheStepGoesOn() {
    terminal.event(event("00.000", "start_retrieval", "Searching", ""));
    terminal.notice("The connection is lost.");
    terminal.event(event("02.000", "final_answer", "Done", ""));

    assertThat(standing().subList(1, 3))
        .containsExactly("  …   The connection is lost.", "  ✓    2.00 s  Searching");
  }

  @Test
  void othersCannotWriteToTheTerminalWhatIsNotText() {
    String evil = "\\u001b]0;owned\\u0007 \\u009b31m \\u202Etxet\\nnext";
    terminal.event(event("00.000", "cancelled", evil, ""));
    String result = Words.of(json("{\"answer\":\"" + evil + "\"}"));

    assertThat(standing().getLast()).contains("�]0;owned� �31m �txet next");
    assertThat(result).isEqualTo("�]0;owned� �31m �txet\nnext");
  }

  @Test
  void quizGradingAndAnswerAreWrittenForPeople() {
    assertThat(
            Words.of(
                json(
                    """
                    {"title":"Rocks","questions":[{"id":"q1","text":"Hard?","options":{"a":"Yes","b":"No"}}]}
                    """)))
        .isEqualTo("Rocks\n\n1. Hard?\n   a) Yes\n   b) No");
    assertThat(
            Words.of(
                json(
                    """
                    {"score":1,"max_score":2,"items":[
                      {"question_id":"q1","correct":true,"comment":"Right."},
                      {"question_id":"q2","correct":false,"comment":"It is b."}]}
                    """)))
        .isEqualTo("Score: 1 of 2\n\nright  q1  Right.\nwrong  q2  It is b.");
    assertThat(
            Words.of(
                json(
                    "{\"answer\":\"Yes.\",\"chunks\":[{\"source\":\"a.md\"},{\"source\":\"a.md\"}]}")))
        .isEqualTo("Yes.\n\nSources: a.md");
  }

  @Test
  void anyOtherResultIsItsTextOrElseATree() {
    JsonNode result =
        json(
            """
            {"reply":"Dear Ann,\\nyou get it back.","count":2,"none":null,"empty":[],
             "articles":[{"id":"hb-12","tags":["a","b"]},{"id":"hb-31"}],
             "questions":["Why?"],"items":[{"name":"x"}],"answer":{"yes":true}}""");

    assertThat(Words.of(new Outcome("succeeded", result, "Written to Ann.")))
        .isEqualTo("Written to Ann.");
    assertThat(Words.of(new Outcome("succeeded", result, "")))
        .isEqualTo(
            """
            reply: Dear Ann,
              you get it back.
            count: 2
            none: null
            empty: []
            articles:
              - id: hb-12
                tags:
                  - a
                  - b
              - id: hb-31
            questions:
              - Why?
            items:
              - name: x
            answer:
              yes: true""");
    assertThat(Words.of(json("\"Just words\""))).isEqualTo("Just words");
    assertThat(Words.of(json("[1,[2,3]]"))).isEqualTo("- 1\n- - 2\n  - 3");
  }

  /// A producer that names its calls: one line a call, whatever its events are called.
  @Test
  void unknownStepsAreShownByTheirTitle() {
    terminal.event(call("00.000", "start_fetch", "c1", "Fetch the ticket", "Fetching"));
    terminal.event(call("00.500", "looking", "c2", "Look around", "Looking"));
    terminal.event(
        event("00.600", "tool_retry", "Once more", ",\"level\":\"warning\"" + meta("c1", "Fetch")));
    terminal.event(call("00.700", "looking", "c2", "Look around", "Still looking"));
    terminal.event(call("01.000", "looked", "c2", "Look around", "Nothing there"));
    terminal.event(call("02.000", "fetch_done", "c1", "Fetch the ticket", "From Ann"));
    terminal.event(call("02.000", "start_send", "c3", "Send it", "Sending"));
    terminal.event(
        event("04.000", "tool_error", "Too slow", ",\"level\":\"error\"" + meta("c3", "Send it")));
    terminal.event(call("04.000", "start_wait", "c4", "Wait", "Waiting"));
    terminal.event(event("05.000", "cancelled", "Cancelled", ",\"level\":\"warning\""));

    assertThat(standing().stream().skip(1))
        .containsExactly(
            "  !            Fetch  Once more",
            "  ✓    0.50 s  Look around  Nothing there",
            "  ✓    2.00 s  Fetch the ticket  From Ann",
            "  ✗    2.00 s  Send it  Too slow",
            "  ■    1.00 s  Wait  Waiting",
            "  ■            Cancelled");
  }

  /// A producer that sends step, tool and message alone.
  @Test
  void withoutCallsStepsAreReadByNameAndTool() {
    terminal.event(event("00.000", "start_crawl", "Crawling", ""));
    terminal.event(event("01.000", "start_summary", "Summing up", ",\"tool\":\"llm\""));
    terminal.event(event("02.000", "crawl_done", "12 pages", ""));
    terminal.event(event("03.000", "summed_up", "80 words", ",\"tool\":\"llm\""));
    terminal.event(event("03.000", "start_upload", "", ""));
    terminal.event(event("04.000", "upload_failed", "No space", ",\"level\":\"error\""));
    terminal.event(event("05.000", "thought", "A remark", ""));
    terminal.event(event("06.000", "final_answer", "No", ",\"level\":\"error\""));

    assertThat(standing().stream().skip(1))
        .containsExactly(
            "  ✓    2.00 s  12 pages",
            "  ✓    2.00 s  80 words",
            "  ✗    1.00 s  upload",
            "  ✗            No space",
            "  ✓    1.00 s  A remark",
            "  ✗            No");
  }

  @Test
  void runsThatGoOnAtTheSameTimeKeepTheirSteps() {
    terminal.event(call("00.000", "start_fetch", "c1", "Fetch", "Fetching"));
    terminal.event(
        json(call("00.500", "start_other", "c1", "Other", "").toString().replace("r-1", "r-2")));
    terminal.event(call("01.000", "fetch_done", "c1", "Fetch", "Fetched"));
    terminal.close();

    assertThat(standing())
        .containsExactly(
            "s  r-1", "s  r-2", "s  r-1", "  ✓    1.00 s  Fetch  Fetched", "  …            Other");
  }

  /// What a producer may put into `meta` is anything.
  @ParameterizedTest
  @ValueSource(
      strings = {"null", "true", "5", "[]", "{\"a\":[1]}", "\"\"", "1e300", "\"\\u001b[2J\""})
  void noValueOfMetaEndsTheScreen(String value) {
    for (String member :
        List.of(
            "title",
            "call_id",
            "output",
            "arguments",
            "duration_ms",
            "failed",
            "status",
            "text",
            "question",
            "result")) {
      for (String step :
          List.of(
              "queued",
              "start_x",
              "x_done",
              "other",
              "tool_retry",
              "tool_error",
              "final_answer",
              "cancelled")) {
        terminal.event(event("00.000", step, "", ",\"meta\":{\"%s\":%s}".formatted(member, value)));
        terminal.tick();
      }
    }
    terminal.event(event("00.000", "final_answer", "The end", ""));
    assertThat(standing().getLast()).endsWith("The end");
    assertThat(written.toString()).doesNotContain("\u001b[2J");
  }

  // The rows that are left once a terminal has done what it was told.
  private List<String> standing() {
    List<String> rows = new ArrayList<>();
    for (String row : written.toString().split("\n", -1)) {
      String last = row.substring(row.lastIndexOf("\u001b[2K") + 1).replaceFirst("^\\[2K", "");
      rows.add(last.replaceAll("\u001b\\[\\?7[lh]", "").stripTrailing());
    }
    rows.removeIf(String::isEmpty);
    return rows;
  }

  private static JsonNode call(
      String second, String step, String call, String title, String message) {
    return event(second, step, message, meta(call, title));
  }

  private static String meta(String call, String title) {
    return ",\"meta\":{\"call_id\":\"%s\",\"title\":\"%s\"}".formatted(call, title);
  }

  private static JsonNode event(String second, String step, String message, String more) {
    return json(
        """
        {"ts":"2026-01-01T00:00:%sZ","session_id":"s","run_id":"r-1","step":"%s","message":"%s"%s}"""
            .formatted(second, step, message, more));
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
