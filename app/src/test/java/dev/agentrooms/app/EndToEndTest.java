package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The whole chain over real sockets: ask, steps, room, WebSocket, cancel.
@Tag("wire")
class EndToEndTest {

  private static final List<String> QUIZ =
      List.of(
          "intent_determined",
          "start_retrieval",
          "retrieval_done",
          "start_generate_exam",
          "generate_done",
          "final_answer");

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void quizIsSeenStepByStepInTheRoomAndOnTheSocket() {
    try (Watcher watcher = Watcher.of(stack, "quiz")) {
      String runId = stack.run("quiz", "Create a quiz about photosynthesis", "\"num_questions\":3");

      List<JsonNode> live = watcher.untilEnded(1);
      assertThat(Stack.steps(live)).isEqualTo(QUIZ);
      assertThat(Stack.seqs(live)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(stack.messages("quiz")).isEqualTo(live);
      assertThat(live).allSatisfy(e -> assertThat(e.path("run_id").asText()).isEqualTo(runId));
      JsonNode meta = live.getLast().path("meta");
      assertThat(meta.path("status").asText()).isEqualTo("succeeded");
      assertThat(meta.path("result").path("questions")).hasSize(3);
      assertThat(meta.path("result").path("title").asText()).containsIgnoringCase("photosynthesis");
    }
  }

  @Test
  void answersAreGradedByTheQuizTheyBelongTo() {
    stack.run("grade", "Создай тест по фотосинтезу", "\"num_questions\":2");
    JsonNode quiz = stack.untilEnded("grade", 1).getLast().path("meta").path("result");
    stack.run(
        "grade",
        "whatever",
        "\"submission\":{\"exam_id\":%s,\"answers\":{\"q1\":\"b\",\"q2\":\"b\"}}"
            .formatted(quiz.path("exam_id")));

    List<JsonNode> events = stack.untilEnded("grade", 2);
    assertThat(Stack.steps(events.subList(6, events.size())))
        .containsExactly("intent_determined", "start_grading", "grading_done", "final_answer");
    JsonNode result = events.getLast().path("meta").path("result");
    assertThat(result.path("score").asInt()).isEqualTo(1);
    assertThat(result.path("max_score").asInt()).isEqualTo(2);
  }

  @Test
  void questionIsAnsweredWithSources() {
    stack.run("answer", "What is photosynthesis?");

    List<JsonNode> events = stack.untilEnded("answer", 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_retrieval", "retrieval_done", "final_answer");
    JsonNode result = events.getLast().path("meta").path("result");
    assertThat(result.path("answer").asText()).isNotBlank();
    assertThat(result.path("chunks")).isNotEmpty();
  }

  @Test
  void runThatReplacesAnotherSaysSoAndBothAreKept() {
    String first = stack.run("replaced", "What is photosynthesis?");
    stack.untilEnded("replaced", 1);
    String second =
        stack.run(
            "replaced",
            "What is photosynthesis in algae?",
            "\"meta\":{\"replaces\":\"" + first + "\"}");

    List<JsonNode> events = stack.untilEnded("replaced", 2);
    assertThat(events.get(4).path("meta").path("replaces").asText()).isEqualTo(first);
    assertThat(events.getFirst().path("meta").has("replaces")).isFalse();
    String runs = stack.agent() + "/api/agent/sessions/replaced/runs/";
    assertThat(stack.get(runs + second).json().path("meta").path("replaces").asText())
        .isEqualTo(first);
    assertThat(stack.get(runs + first).json().path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void toolThatFailsIsNamedAndEndsTheRun() {
    String runId = stack.run("fails", "Create a quiz about rocks [exam:500]");

    List<JsonNode> events = stack.untilEnded("fails", 1);
    assertThat(Stack.steps(events))
        .containsExactly(
            "intent_determined",
            "start_retrieval",
            "retrieval_done",
            "start_generate_exam",
            "tool_error",
            "final_answer");
    JsonNode error = events.get(4);
    assertThat(error.path("level").asText()).isEqualTo("error");
    assertThat(error.path("meta").path("tool").asText()).isEqualTo("generate_exam");
    assertThat(error.path("meta").path("status").asInt()).isEqualTo(500);
    assertThat(error.path("meta").path("attempts").asInt()).isEqualTo(1);
    assertThat(events.getLast().path("level").asText()).isEqualTo("error");
    assertThat(events.getLast().path("meta").path("status").asText()).isEqualTo("failed");
    JsonNode run = stack.get(stack.agent() + "/api/agent/sessions/fails/runs/" + runId).json();
    assertThat(run.path("status").asText()).isEqualTo("failed");
    assertThat(run.path("error").asText()).contains("generate_exam");
  }

  @Test
  void busyToolIsTriedOnceMore() {
    stack.run("busy", "Create a quiz about rocks [exam:503]");

    List<JsonNode> events = stack.untilEnded("busy", 1);
    assertThat(Stack.steps(events)).containsSubsequence("tool_retry", "tool_error", "final_answer");
    assertThat(events.get(events.size() - 2).path("meta").path("attempts").asInt()).isEqualTo(2);
  }

  @Test
  void cancelStopsTheToolWithinASecondAndTheRunIsSilentAfterwards() throws Exception {
    try (TestTool tool = TestTool.stuck();
        Stack own = Stack.start("agent.tools.test-generator.url", tool.url());
        Watcher watcher = Watcher.of(own, "c1")) {
      String runId = own.run("c1", "Create a quiz about rocks");
      assertThat(tool.called.await(60, TimeUnit.SECONDS)).isTrue();

      long cancelledAt = System.nanoTime();
      Stack.Answer answer = own.post(own.agent() + "/api/agent/cancel", "{\"session_id\":\"c1\"}");
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.json().path("status").asText()).isEqualTo("cancelling");
      List<JsonNode> events = watcher.untilEnded(1);
      long seenMs = (System.nanoTime() - cancelledAt) / 1_000_000;
      long hungUpMs = (tool.hungUpAt.get(60, TimeUnit.SECONDS) - cancelledAt) / 1_000_000;
      System.out.printf(
          "cancel: seen after %d ms, tool hung up on after %d ms%n", seenMs, hungUpMs);

      JsonNode cancelled = events.getLast();
      assertThat(cancelled.path("step").asText()).isEqualTo("cancelled");
      assertThat(cancelled.path("level").asText()).isEqualTo("warning");
      assertThat(cancelled.path("meta").path("status").asText()).isEqualTo("cancelled");
      assertThat(cancelled.path("meta").path("reason").asText()).isNotBlank();
      assertThat(cancelled.path("meta").has("abandoned_tool")).isFalse();
      // The next run's events follow at once: nothing of the old one comes between.
      Stack.Answer again = own.post(own.agent() + "/api/agent/cancel", "{\"session_id\":\"c1\"}");
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.json().path("status").asText()).isEqualTo("cancelled");
      own.run("c1", "What is a rock?");
      List<JsonNode> both = watcher.untilEnded(2);
      assertThat(both.subList(events.size(), both.size()))
          .noneMatch(e -> e.path("run_id").asText().equals(runId));
    }
  }

  @Test
  void sessionsDoNotSeeEachOther() {
    try (Watcher one = Watcher.of(stack, "one");
        Watcher two = Watcher.of(stack, "two")) {
      stack.run("one", "Create a quiz about water");
      stack.run("two", "What is fire?");

      assertThat(one.untilEnded(1))
          .allSatisfy(e -> assertThat(e.path("session_id").asText()).isEqualTo("one"));
      assertThat(two.untilEnded(1))
          .allSatisfy(e -> assertThat(e.path("session_id").asText()).isEqualTo("two"));
    }
  }

  @Test
  void idleSessionIsForgottenAfterItsTtl() {
    try (Stack own = Stack.start("agent.session.ttl", "300ms")) {
      own.run("short", "What is time?");
      own.untilEnded("short", 1);

      String url = own.agent() + "/api/agent/sessions/short";
      assertThat(Stack.await(() -> own.get(url).status(), status -> status == 404)).isEqualTo(404);
      assertThat(own.get(own.agent() + "/api/agent/sessions").json().path("sessions")).isEmpty();
      // A new life under the old name.
      own.run("short", "What is time?");
      assertThat(own.untilEnded("short", 2)).hasSize(8);
    }
  }

  @Test
  void waitingForARunAnswersWithItFinished() {
    Stack.Answer answer =
        stack.post(
            stack.webUi() + "/api/agent/run?wait=60", Stack.question("wait", "What is a year?"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("status").asText()).isEqualTo("succeeded");
    assertThat(answer.json().path("steps")).hasSize(4);
  }

  @Test
  void progressOverHttpSurvivesARestartOfTheWebUi() {
    Map<String, Object> settings = new java.util.HashMap<>(Stack.ports());
    settings.put("agent.progress.sink", "http");
    settings.put("internal-token", "secret");
    try (TestTool tool = TestTool.after(700)) {
      settings.put("agent.tools.rag.url", tool.url());
      settings.put("agent.tools.test-generator.url", tool.url());
      try (Stack agent = Stack.start(java.util.EnumSet.of(Role.AGENT), settings)) {
        Stack before = Stack.start(java.util.EnumSet.of(Role.WEBUI), settings);
        long startedAt = System.nanoTime();
        String runId = agent.run("outage", "Create a quiz about storms");
        before.messages("outage", events -> !events.isEmpty());
        before.close();
        String run = agent.agent() + "/api/agent/sessions/outage/runs/" + runId;
        Stack.await(
            () -> agent.get(run).json(), json -> json.path("status").asText().equals("succeeded"));
        long tookMs = (System.nanoTime() - startedAt) / 1_000_000;
        System.out.printf("run with two 700 ms tools and the web UI down took %d ms%n", tookMs);

        try (Stack after = Stack.start(java.util.EnumSet.of(Role.WEBUI), settings)) {
          List<JsonNode> events = after.untilEnded("outage", 1);
          // The room's history went with the first web UI; what it had not taken follows in order.
          assertThat(QUIZ.subList(QUIZ.size() - events.size(), QUIZ.size()))
              .isEqualTo(Stack.steps(events));
          assertThat(Stack.seqs(events))
              .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
        }
      }
    }
  }

  @Test
  void fiveHundredRunsAtOnceAllEndOnce() {
    try (TestTool tool = TestTool.after(100);
        Stack own =
            Stack.start(
                "agent.tools.rag.url", tool.url(), "agent.tools.test-generator.url", tool.url())) {
      long startedAt = System.nanoTime();
      IntStream.range(0, 500)
          .parallel()
          .forEach(i -> own.run("many-" + i, "Create a quiz about number " + i));
      IntStream.range(0, 500)
          .forEach(
              i -> {
                List<JsonNode> events = own.untilEnded("many-" + i, 1);
                assertThat(events.stream().filter(Stack::isTerminal)).hasSize(1);
                assertThat(Stack.isTerminal(events.getLast())).isTrue();
                assertThat(Stack.steps(events)).endsWith(QUIZ.toArray(String[]::new));
              });
      long peak =
          java.lang.management.ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
              .mapToLong(pool -> pool.getPeakUsage().getUsed())
              .sum();
      System.out.printf(
          "500 runs at once: %d ms, peak heap of the whole test JVM %d MiB%n",
          (System.nanoTime() - startedAt) / 1_000_000, peak >> 20);
    }
  }
}
