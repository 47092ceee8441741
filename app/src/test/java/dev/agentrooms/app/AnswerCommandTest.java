package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `answer`, and `ask` while a run waits.
@Tag("process")
class AnswerCommandTest {

  @TempDir private static Path folder;
  private static Desk desk;
  private static Stack stack;

  @BeforeAll
  static void start() throws IOException {
    desk = Desk.start();
    stack = desk.stack(folder);
  }

  @AfterAll
  static void stop() {
    stack.close();
    desk.close();
  }

  private static Typed typed(String... words) {
    String[] all = new String[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--url=" + stack.webUi();
    return Typed.of(all);
  }

  private static void waiting(String session, String workflow) {
    stack.run(
        session,
        "Answer ticket 4711",
        "\"workflow\":\"" + workflow + "\"",
        "\"input\":{\"ticket\":4711}");
    stack.messages(session, events -> Stack.steps(events).contains("input_required"));
  }

  @Test
  void anAnswerIsGivenAndTheRunGoesOn() {
    waiting("s1", "reviewed");
    Typed answer = typed("answer", "s1", "--value", "A new lamp comes.", "--comment", "ok");
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(answer.out()).startsWith("accepted ");
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(events.getLast().at("/meta/result/reply").asText()).isEqualTo("A new lamp comes.");
  }

  @Test
  void withoutADecisionWhatIsAskedIsShown() {
    waiting("s2", "choice");
    Typed answer = typed("answer", "s2");
    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.out()).contains("Which one?", "1. red", "2. blue");
    assertThat(answer.err()).contains("--approve");
    assertThat(typed("answer", "s2", "--value", "green").err()).contains("one of red, blue");
    assertThat(typed("answer", "s2", "--reject", "--value", "red").exitCode()).isEqualTo(2);
    assertThat(typed("answer", "s2", "--approve", "--reject").exitCode()).isEqualTo(2);
    assertThat(typed("answer", "s2", "--reject", "--comment", "neither").exitCode()).isZero();
    assertThat(stack.untilEnded("s2", 1).getLast().path("message").asText()).contains("rejected");
    assertThat(typed("answer", "s2", "--approve").exitCode()).isEqualTo(1);
  }

  @Test
  void askGoesOnWhenSomebodyHasAnswered() throws Exception {
    FutureTask<Typed> ask =
        new FutureTask<>(
            () -> typed("ask", "Which?", "-s", "s3", "-w", "choice", "-i", "{\"ticket\":1}"));
    Thread.ofVirtual().start(ask);
    stack.messages("s3", events -> Stack.steps(events).contains("input_required"));
    assertThat(typed("answer", "s3", "--value", "blue").exitCode()).isZero();

    Typed asked = ask.get(60, TimeUnit.SECONDS);
    assertThat(asked.exitCode()).isZero();
    assertThat(asked.out()).contains(" input_required: Which one?", " input_received: ", "blue");
  }
}
