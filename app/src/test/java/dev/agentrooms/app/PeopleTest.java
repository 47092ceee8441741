package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs that wait for a person, from the file of workflows to the service that is called at last.
@Tag("wire")
class PeopleTest {

  @TempDir private Path folder;
  private Desk desk;
  private Stack stack;

  @BeforeEach
  void start() throws IOException {
    desk = Desk.start();
    stack = stack();
  }

  @AfterEach
  void stop() {
    stack.close();
    desk.close();
  }

  private Stack stack(Object... more) throws IOException {
    return desk.stack(folder, more);
  }

  private String run(String session, String workflow) {
    return stack.run(
        session,
        "Answer ticket 4711",
        "\"workflow\":\"" + workflow + "\"",
        "\"input\":{\"ticket\":4711}");
  }

  private JsonNode resource(String session, String runId) {
    return stack.get(stack.agent() + "/api/agent/sessions/" + session + "/runs/" + runId).json();
  }

  /// The run's `waiting_for`, once it waits.
  private JsonNode waiting(String session, String runId) {
    return Stack.await(
            () -> resource(session, runId), run -> run.path("status").asText().equals("waiting"))
        .path("waiting_for");
  }

  private Stack.Answer answer(String session, String runId, String inputId, String more) {
    return stack.post(
        stack.webUi() + "/api/agent/answer",
        "{\"session_id\":\"%s\",\"run_id\":\"%s\",\"input_id\":\"%s\",%s}"
            .formatted(session, runId, inputId, more));
  }

  @Test
  void whatWasApprovedIsSentAndNothingBeforeRunsAgain() {
    String runId = run("s1", "reviewed");
    JsonNode asked = waiting("s1", runId);
    String inputId = asked.path("input_id").asText();
    assertThat(asked.path("kind").asText()).isEqualTo("ask");
    assertThat(asked.path("step").asText()).isEqualTo("review");
    assertThat(asked.path("prompt").asText()).isEqualTo("Send this reply?");
    assertThat(asked.path("value").asText()).isEqualTo("About: The lamp is broken.");
    assertThat(asked.path("editable").asBoolean()).isTrue();
    JsonNode session = stack.get(stack.agent() + "/api/agent/sessions/s1").json();
    assertThat(session.path("status").asText()).isEqualTo("waiting");
    assertThat(session.path("waiting_for")).isEqualTo(asked);

    Stack.Answer accepted =
        answer("s1", runId, inputId, "\"decision\":\"approve\",\"comment\":\"fine\"");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.json())
        .isEqualTo(
            Json.object().put("run_id", runId).put("input_id", inputId).put("status", "accepted"));

    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events))
        .containsExactly(
            "intent_determined",
            "start_fetch",
            "fetch_done",
            "start_review",
            "input_required",
            "input_received",
            "review_done",
            "start_send",
            "send_done",
            "final_answer");
    JsonNode required = events.get(4);
    assertThat(required.path("level").asText()).isEqualTo("info");
    asked
        .properties()
        .forEach(
            each ->
                assertThat(required.path("meta").path(each.getKey())).isEqualTo(each.getValue()));
    JsonNode received = events.get(5).path("meta");
    assertThat(received.path("decision").asText()).isEqualTo("approve");
    assertThat(received.path("input_id").asText()).isEqualTo(inputId);
    assertThat(received.path("comment").asText()).isEqualTo("fine");
    assertThat(events.getLast().at("/meta/result/reply").asText())
        .isEqualTo("About: The lamp is broken.");
    assertThat(desk.fetched).hasSize(1);
    assertThat(desk.replies)
        .containsExactly(
            new Desk.Reply("{\"text\":\"About: The lamp is broken.\"}", runId + ".send.1"));
    assertThat(resource("s1", runId).path("waiting_for").isNull()).isTrue();
  }

  @Test
  void theSameAnswerAgainIsAlreadyThereAndAnotherIsAConflict() {
    String runId = run("s1", "reviewed");
    String inputId = waiting("s1", runId).path("input_id").asText();
    String edited = "\"decision\":\"approve\",\"value\":\"Hello \\u00e9\\n\\\"Ann\\\"\"";
    assertThat(answer("s1", runId, inputId, edited).status()).isEqualTo(202);
    stack.untilEnded("s1", 1);
    assertThat(desk.replies.getFirst().body()).isEqualTo("{\"text\":\"Hello é\\n\\\"Ann\\\"\"}");

    Stack.Answer again = answer("s1", runId, inputId, edited + ",\"comment\":\"again\"");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("status").asText()).isEqualTo("already");
    Stack.Answer other = answer("s1", runId, inputId, "\"decision\":\"reject\"");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("decision").asText()).isEqualTo("approve");
    assertThat(answer("s1", runId, inputId, "\"decision\":\"approve\",\"value\":\"x\"").status())
        .isEqualTo(409);
    assertThat(Stack.steps(stack.messages("s1"))).containsOnlyOnce("input_received");
    assertThat(desk.replies).hasSize(1);
  }

  @Test
  void aRejectedInputEndsTheRun() {
    String runId = run("s1", "reviewed");
    String inputId = waiting("s1", runId).path("input_id").asText();
    answer("s1", runId, inputId, "\"decision\":\"reject\",\"comment\":\"too short\"");
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events)).endsWith("input_required", "input_received", "final_answer");
    assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("failed");
    assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo("rejected");
    assertThat(events.getLast().path("message").asText()).contains("too short");
    assertThat(desk.replies).isEmpty();
  }

  @Test
  void aToolThatNeedsApprovalAsksUnlessThisVeryValueWasApproved() {
    String runId = run("s1", "direct");
    JsonNode asked = waiting("s1", runId);
    assertThat(asked.path("kind").asText()).isEqualTo("approve");
    assertThat(asked.path("tool").asText()).isEqualTo("send_reply");
    assertThat(asked.path("arguments"))
        .isEqualTo(Json.object().put("text", "About: The lamp is broken."));
    String inputId = asked.path("input_id").asText();
    Stack.Answer unfit =
        answer("s1", runId, inputId, "\"decision\":\"approve\",\"value\":{\"text\":7}");
    assertThat(unfit.status()).isEqualTo(400);
    assertThat(unfit.json().path("field").asText()).isEqualTo("value");
    assertThat(desk.replies).isEmpty();
    answer("s1", runId, inputId, "\"decision\":\"approve\",\"value\":{\"text\":\"Short.\"}");
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events))
        .endsWith("start_send", "input_required", "input_received", "send_done", "final_answer");
    assertThat(desk.replies)
        .containsExactly(new Desk.Reply("{\"text\":\"Short.\"}", runId + ".send.1"));
  }

  @Test
  void anApprovalCountsForOneCall() {
    String runId = run("s1", "twice");
    answer("s1", runId, waiting("s1", runId).path("input_id").asText(), "\"decision\":\"approve\"");
    JsonNode second =
        Stack.await(
                () -> resource("s1", runId),
                run -> run.at("/waiting_for/step").asText().equals("again"))
            .path("waiting_for");
    assertThat(second.path("kind").asText()).isEqualTo("approve");
    assertThat(desk.replies).hasSize(1);
    answer("s1", runId, second.path("input_id").asText(), "\"decision\":\"reject\"");
    assertThat(stack.untilEnded("s1", 1).getLast().at("/meta/reason").asText())
        .isEqualTo("rejected");
    assertThat(desk.replies).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "closing | \"decision\":\"approve\",\"value\":{} | value",
        "choice | \"decision\":\"approve\" | value",
        "choice | \"decision\":\"approve\",\"value\":\"green\" | value",
        "form | \"decision\":\"approve\",\"value\":{\"n\":\"x\"} | value",
        "form | \"decision\":\"approve\",\"value\":{} | value",
        "form | \"decision\":\"maybe\" | decision",
        "form | \"decision\":1 | decision",
        "form | \"comment\":\"none\" | decision",
        "form | \"decision\":\"approve\",\"comment\":7 | comment",
        "reviewed | \"decision\":\"approve\",\"value\":7 | value",
      })
  void aWrongAnswerDecidesNothing(String workflow, String body, String field) {
    String runId = run("s1", workflow);
    String inputId = waiting("s1", runId).path("input_id").asText();
    Stack.Answer refused = answer("s1", runId, inputId, body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("field").asText()).isEqualTo(field);
    assertThat(resource("s1", runId).path("status").asText()).isEqualTo("waiting");
  }

  @Test
  void whatWasNeverAskedIsNotFound() {
    String runId = run("s1", "choice");
    waiting("s1", runId);
    String approve = "\"decision\":\"approve\"";
    assertThat(answer("nobody", runId, runId + ".input.1", approve).status()).isEqualTo(404);
    assertThat(answer("s1", "r-none", runId + ".input.1", approve).status()).isEqualTo(404);
    assertThat(answer("s1", runId, runId + ".input.2", approve).status()).isEqualTo(404);
  }

  @Test
  void aChoiceIsOneOfItsOptions() {
    String runId = run("s1", "choice");
    JsonNode asked = waiting("s1", runId);
    assertThat(asked.path("options")).isEqualTo(Json.parse("[\"red\",\"blue\"]".getBytes()));
    answer(
        "s1",
        runId,
        asked.path("input_id").asText(),
        "\"decision\":\"approve\",\"value\":\"blue\"");
    assertThat(stack.untilEnded("s1", 1).getLast().at("/meta/result/picked").asText())
        .isEqualTo("blue");
  }

  @Test
  void ofManyAnswersOneWins() throws Exception {
    String runId = run("s1", "reviewed");
    String inputId = waiting("s1", runId).path("input_id").asText();
    List<Callable<Stack.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String body =
          i % 3 == 0
              ? "\"decision\":\"reject\""
              : "\"decision\":\"approve\",\"value\":\"Answer " + i + "\"";
      answers.add(() -> answer("s1", runId, inputId, body));
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Stack.Answer> each : people.invokeAll(answers)) {
        statuses.add(each.get().status());
      }
    }
    assertThat(statuses).containsOnlyOnce(202);
    assertThat(statuses).allMatch(status -> status == 202 || status == 200 || status == 409);
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events))
        .containsOnlyOnce("input_received")
        .containsOnlyOnce("final_answer");
    boolean isApproved = Stack.steps(events).contains("send_done");
    assertThat(desk.replies).hasSize(isApproved ? 1 : 0);
    assertThat(desk.fetched).hasSize(1);
  }

  @Test
  void aCancelEndsAWaitingRunAtOnce() {
    String runId = run("s1", "reviewed");
    String inputId = waiting("s1", runId).path("input_id").asText();
    stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"s1\"}");
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events)).endsWith("input_required", "cancelled");
    assertThat(answer("s1", runId, inputId, "\"decision\":\"approve\"").status()).isEqualTo(409);
    assertThat(desk.replies).isEmpty();
  }

  @Test
  void aCancelThatRacesAnAnswerGivesOneEnd() throws Exception {
    for (int i = 0; i < 20; i++) {
      String session = "race" + i;
      String runId = run(session, "reviewed");
      String inputId = waiting(session, runId).path("input_id").asText();
      int before = desk.replies.size();
      try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Stack.Answer> answered =
            both.submit(() -> answer(session, runId, inputId, "\"decision\":\"approve\""));
        both.submit(
                () ->
                    stack.post(
                        stack.agent() + "/api/agent/cancel",
                        "{\"session_id\":\"" + session + "\",\"run_id\":\"" + runId + "\"}"))
            .get();
        List<JsonNode> events = stack.untilEnded(session, 1);
        List<String> steps = Stack.steps(events);
        assertThat(
                steps.stream()
                    .filter(step -> step.equals("final_answer") || step.equals("cancelled")))
            .hasSize(1);
        boolean isReceived = steps.contains("input_received");
        assertThat(answered.get().status()).isEqualTo(isReceived ? 202 : 409);
        if (!isReceived) {
          assertThat(desk.replies).hasSize(before);
        }
        assertThat(desk.replies.size() - before).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void aWaitingRunIsBusyAndHoldsNoSlot() throws IOException {
    stack.close();
    stack = stack("agent.runs.max-concurrent", 1);
    String first = run("s1", "choice");
    String inputId = waiting("s1", first).path("input_id").asText();
    Stack.Answer busy =
        stack.post(stack.agent() + "/api/agent/run", Stack.question("s1", "And another one?"));
    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.json().path("detail").asText()).contains("waits for a person");
    String behind = stack.run("s1", "Next", "\"on_busy\":\"enqueue\"", "\"workflow\":\"choice\"");
    // The only slot is free for another session.
    String other = run("s2", "choice");
    waiting("s2", other);
    assertThat(resource("s1", behind).path("status").asText()).isEqualTo("queued");
    answer("s1", first, inputId, "\"decision\":\"approve\",\"value\":\"red\"");
    waiting("s1", behind);
    assertThat(resource("s1", first).path("status").asText()).isEqualTo("succeeded");
    String instead =
        stack.run("s1", "Instead", "\"on_busy\":\"interrupt\"", "\"workflow\":\"choice\"");
    waiting("s1", instead);
    assertThat(resource("s1", behind).path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void aStopThatKeepsNothingCancelsAWaitingRunInFrontOfThoseWhoWatch() {
    try (Watcher watcher = Watcher.of(stack, "s1")) {
      waiting("s1", run("s1", "choice"));

      stack.close();

      JsonNode end = watcher.untilEnded(1).getLast();
      assertThat(end.path("step").asText()).isEqualTo("cancelled");
      assertThat(end.path("meta").path("reason").asText()).isEqualTo("shutdown");
    }
  }

  @Test
  void whoWaitsForARunIsToldThatItWaits() {
    Stack.Answer waited =
        stack.post(
            stack.agent() + "/api/agent/run?wait=60",
            Stack.question("s1", "Choose", "\"workflow\":\"choice\""));
    assertThat(waited.status()).isEqualTo(200);
    assertThat(waited.json().path("status").asText()).isEqualTo("waiting");
    assertThat(waited.json().at("/waiting_for/prompt").asText()).isEqualTo("Which one?");
  }

  @Test
  void nobodyInTimeFailsTheRunAndUntilThenItIsCountedAndKeptBeyondTheTtl() throws IOException {
    stack.close();
    stack =
        stack(
            "agent.input.timeout",
            "3s",
            "agent.session.sleep-after",
            "100ms",
            "agent.session.ttl",
            "200ms");
    String runId = run("s1", "choice");
    Stack.await(
        () -> new String(stack.get(stack.agent() + "/metrics").response().body(), UTF_8),
        page -> page.contains("\nagentrooms_runs_awaiting_input 1.0\n"));
    List<JsonNode> events = stack.untilEnded("s1", 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_pick", "input_required", "final_answer");
    assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo("input_expired");
    assertThat(
            answer("s1", runId, runId + ".input.1", "\"decision\":\"approve\",\"value\":\"red\"")
                .status())
        .isIn(409, 404);
  }

  @Test
  void aRunThatWaitsGoesOnAfterARestart() throws IOException {
    stack.close();
    Path store = folder.resolve("store");
    stack = stack("store.dir", store.toString());
    String runId = run("s1", "reviewed");
    JsonNode asked = waiting("s1", runId);
    stack.close();
    stack = stack("store.dir", store.toString());
    assertThat(waiting("s1", runId)).isEqualTo(asked);
    answer("s1", runId, asked.path("input_id").asText(), "\"decision\":\"approve\"");
    Stack.await(
        () -> resource("s1", runId), run -> run.path("status").asText().equals("succeeded"));
    assertThat(desk.fetched).hasSize(1);
    assertThat(desk.replies).hasSize(1);
  }
}
