package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Hundreds of cancels at random instants, over real HTTP from the caller to the tool.
@Tag("race")
class CancelStormTest {

  private static final int RUNS = Stress.times(300);
  private static final int AT_ONCE = 32;
  private static final int MAX_TOOL_MS = 60;

  private final long seed = Long.getLong("stress.seed", System.nanoTime());

  /// @param cancelStatuses what one or two cancels at the same time were answered
  private record Stormed(String session, String run, String next, List<Integer> cancelStatuses) {}

  @Test
  void aRunCancelledAtAnyInstantEndsOnceItsToolStopsAndTheNextRunGoesOn() {
    try (TestTool tool = TestTool.within(MAX_TOOL_MS);
        Stack stack = Stack.start(tool.settings())) {
      long startedAt = System.nanoTime();
      List<Stormed> storm = Crowd.all(RUNS, AT_ONCE, i -> stormed(stack, i));
      long tookMs = (System.nanoTime() - startedAt) / 1_000_000;
      Stack.await(tool::underWay, underWay -> underWay == 0);

      int cancelled = 0;
      for (Stormed each : storm) {
        cancelled += checked(stack, tool, each) ? 1 : 0;
      }
      System.out.printf(
          "%d cancels over HTTP in %d ms: %d runs cancelled, %d ended before; %d tool calls hung"
              + " up%n",
          RUNS, tookMs, cancelled, RUNS - cancelled, tool.hungUp());
      // The instants were as random as they should be, and stopping a run stopped its tool.
      assertThat(cancelled).as("seed %d", seed).isGreaterThan(RUNS / 20);
      assertThat(tool.hungUp()).as("seed %d", seed).isPositive();
    }
  }

  private Stormed stormed(Stack stack, int i) {
    Random random = new Random(seed + i);
    String session = "storm-" + i;
    String run = stack.run(session, "Create a quiz about storms");
    LockSupport.parkNanos(random.nextInt(2 * MAX_TOOL_MS) * 1_000_000L);
    List<Integer> statuses =
        Crowd.all(
            i % 4 == 0 ? 2 : 1,
            each ->
                stack
                    .post(
                        stack.agent() + "/api/agent/cancel",
                        "{\"session_id\":\"%s\",\"run_id\":\"%s\"}".formatted(session, run))
                    .status());
    // At once, so that it meets the one before in whatever state that is.
    String how = random.nextBoolean() ? "enqueue" : "interrupt";
    Stack.Answer next =
        stack.post(
            stack.agent() + "/api/agent/run?wait=60",
            Stack.question(session, "What is a storm?", "\"on_busy\":\"" + how + "\""));
    assertThat(next.status()).as("seed %d, %s", seed, next.json()).isEqualTo(200);
    assertThat(next.json().path("status").asText()).isEqualTo("succeeded");
    return new Stormed(session, run, next.json().path("run_id").asText(), statuses);
  }

  /// @return whether the run was cancelled
  private boolean checked(Stack stack, TestTool tool, Stormed storm) {
    String what = "seed " + seed + ", " + storm;
    List<JsonNode> events = stack.untilEnded(storm.session(), 2);
    assertThat(Stack.seqs(events))
        .as(what)
        .isEqualTo(IntStream.rangeClosed(1, events.size()).mapToObj(i -> (long) i).toList());
    List<JsonNode> first = of(storm.run(), events);
    List<JsonNode> next = of(storm.next(), events);
    assertThat(first.size() + next.size()).as(what).isEqualTo(events.size());
    for (List<JsonNode> run : List.of(first, next)) {
      assertThat(run.stream().filter(Stack::isTerminal)).as(what).hasSize(1);
      assertThat(Stack.isTerminal(run.getLast())).as(what).isTrue();
    }
    // The next one says no more than that it waits before the first has ended.
    assertThat(Stack.steps(next.stream().filter(e -> seq(e) < seq(first.getLast())).toList()))
        .as(what)
        .isSubsetOf("queued");

    JsonNode end = first.getLast();
    boolean isCancelled = end.path("step").asText().equals("cancelled");
    assertThat(storm.cancelStatuses())
        .as(what)
        .isSubsetOf(isCancelled ? List.of(202, 200) : List.of(409));
    assertThat(end.path("meta").has("abandoned_tool")).as(what).isFalse();
    assertThat(
            stack
                .get(
                    "%s/api/agent/sessions/%s/runs/%s"
                        .formatted(stack.agent(), storm.session(), storm.run()))
                .json()
                .path("status")
                .asText())
        .as(what)
        .isEqualTo(isCancelled ? "cancelled" : "succeeded");

    long told = Stack.steps(first).stream().filter(step -> step.startsWith("start_")).count();
    TestTool.Calls calls = tool.of(storm.run());
    assertThat(calls.areOver()).as(what).isTrue();
    assertThat((long) calls.begun.get()).as(what).isLessThanOrEqualTo(told);
    if (!isCancelled) {
      assertThat(calls.hungUp.get()).as(what).isZero();
    }
    return isCancelled;
  }

  private static List<JsonNode> of(String runId, List<JsonNode> events) {
    return events.stream().filter(e -> e.path("run_id").asText().equals(runId)).toList();
  }

  private static long seq(JsonNode event) {
    return event.path("seq").asLong();
  }
}
