package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Concurrent requests for runs, over HTTP.
@Tag("race")
class RunRaceTest {

  private static final String QUIZ = "Create a quiz about races";

  private final long seed = Long.getLong("stress.seed", System.nanoTime());

  @Test
  void retriesWithOneKeyAreOneRunWhicheverIsBrokenOff() {
    int keys = Stress.times(25);
    int clients = 16;
    try (TestTool tool = TestTool.within(20);
        Stack stack = Stack.start(tool.settings())) {
      for (int k = 0; k < keys; k++) {
        String session = "key-" + k;
        String body = Stack.question(session, QUIZ);
        Crowd.all(clients, i -> i % 4 == 3 ? hungUp(stack, session) : retried(stack, session, i))
            .stream()
            .filter(run -> !run.isEmpty())
            .forEach(run -> assertThat(run).as(session).isEqualTo(retried(stack, session, 0)));
        List<JsonNode> events = stack.untilEnded(session, 1);

        // Also when it is over.
        String run = retried(stack, session, 0);
        assertThat(events).as(session).hasSize(6);
        assertThat(events).allMatch(event -> event.path("run_id").asText().equals(run));
        assertThat(tool.of(run).begun).hasValue(2);
        assertThat(
                stack
                    .post(
                        stack.agent() + "/api/agent/run",
                        body.replace("quiz", "poem"),
                        "Idempotency-Key",
                        session)
                    .status())
            .isEqualTo(422);
        assertThat(stack.messages(session)).hasSize(6);
      }
      System.out.printf("%d keys from %d clients each: %d runs%n", keys, clients, keys);
    }
  }

  // Through the agent and through the web UI, the same body in two writings.
  private static String retried(Stack stack, String session, int i) {
    String body = Stack.question(session, QUIZ);
    Stack.Answer answer =
        stack.post(
            (i % 2 == 0 ? stack.agent() : stack.webUi()) + "/api/agent/run",
            i % 3 == 0 ? body : body.replace(",", " , \"num_questions\" : null, "),
            "Idempotency-Key",
            session);
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
    return answer.json().path("run_id").asText();
  }

  private static String hungUp(Stack stack, String session) {
    String body = Stack.question(session, QUIZ);
    try (RawHttp connection = new RawHttp(stack.agent())) {
      connection.write(
          ("POST /api/agent/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s")
              .formatted(session, body.length(), body));
      return "";
    }
  }

  @Test
  void runsOfASessionNeverOverlapInAnyCombination() {
    int sessions = Stress.times(12);
    int requests = 25;
    try (TestTool tool = TestTool.within(15);
        Stack stack = Stack.start(tool.settings("webui.room.history-size", 2000))) {
      List<Map<Integer, Integer>> statuses =
          Crowd.all(sessions, 6, s -> raced(stack, "race-" + s, requests, new Random(seed + s)));
      Map<Integer, Integer> all = new HashMap<>();
      statuses.forEach(each -> each.forEach((status, n) -> all.merge(status, n, Integer::sum)));
      System.out.printf(
          "%d racing requests in %d sessions: %s%n", sessions * requests, sessions, all);
      assertThat(all.keySet()).as("seed %d", seed).isSubsetOf(200, 202, 204, 404, 409);
      Stack.await(tool::underWay, underWay -> underWay == 0);
    }
  }

  private Map<Integer, Integer> raced(Stack stack, String session, int count, Random random) {
    List<String> kinds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kinds.add(
          List.of("reject", "enqueue", "enqueue", "interrupt", "cancel", "delete")
              .get(random.nextInt(6)));
    }
    int[] pauses = random.ints(count, 0, 200).toArray();
    Set<String> accepted = java.util.concurrent.ConcurrentHashMap.newKeySet();
    Map<Integer, Integer> statuses = new java.util.concurrent.ConcurrentHashMap<>();
    Crowd.all(
        count,
        i -> {
          LockSupport.parkNanos(pauses[i] * 1_000_000L);
          Stack.Answer answer = request(stack, session, kinds.get(i));
          statuses.merge(answer.status(), 1, Integer::sum);
          if (answer.status() == 202 && !kinds.get(i).equals("cancel")) {
            accepted.add(answer.json().path("run_id").asText());
          }
          return answer.status();
        });
    // Each run that was taken on ends once, as the last of what it says, before the next begins.
    List<JsonNode> events = stack.untilEnded(session, accepted.size());
    Set<String> ended = new HashSet<>();
    String current = "";
    for (JsonNode event : events) {
      String run = event.path("run_id").asText();
      String what = "seed " + seed + ", " + session + ", " + event;
      assertThat(accepted).as(what).contains(run);
      assertThat(ended).as(what).doesNotContain(run);
      if (Stack.isTerminal(event)) {
        ended.add(run);
        current = current.equals(run) ? "" : current;
      } else if (!event.path("step").asText().equals("queued")) {
        assertThat(current.isEmpty() || current.equals(run)).as(what).isTrue();
        current = run;
      }
    }
    assertThat(ended).as("seed %d, %s", seed, session).isEqualTo(accepted);
    // And the session is as good as new.
    Stack.Answer next =
        stack.post(
            stack.agent() + "/api/agent/run?wait=60", Stack.question(session, "What is a race?"));
    assertThat(next.json().path("status").asText()).isEqualTo("succeeded");
    return statuses;
  }

  private static Stack.Answer request(Stack stack, String session, String kind) {
    return switch (kind) {
      case "delete" -> stack.delete(stack.agent() + "/api/agent/sessions/" + session);
      case "cancel" ->
          stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"" + session + "\"}");
      default ->
          stack.post(
              stack.agent() + "/api/agent/run",
              Stack.question(session, QUIZ, "\"on_busy\":\"" + kind + "\""));
    };
  }

  @Test
  void ofManyAtOnceExactlyAsManyAreTakenAsMayRunAndWait() {
    int running = 5;
    int waiting = 10;
    int all = 60;
    try (TestTool tool = TestTool.within(20, "race");
        Stack stack =
            Stack.start(
                tool.settings(
                    "agent.runs.max-concurrent", running, "agent.runs.max-queued", waiting))) {
      for (int round = 0; round < Stress.times(5); round++) {
        String prefix = "full-" + round + "-";
        List<Stack.Answer> answers =
            Crowd.all(
                all,
                i ->
                    stack.post(stack.agent() + "/api/agent/run", Stack.question(prefix + i, QUIZ)));

        assertThat(answers.stream().filter(a -> said(a).equals("accepted"))).hasSize(running);
        assertThat(answers.stream().filter(a -> said(a).equals("queued"))).hasSize(waiting);
        List<Integer> refused =
            IntStream.range(0, all).filter(i -> answers.get(i).status() == 429).boxed().toList();
        assertThat(refused).hasSize(all - running - waiting);
        for (int i : refused) {
          assertThat(Integer.parseInt(answers.get(i).header("Retry-After"))).isPositive();
        }
        // It created nothing.
        String known = stack.agent() + "/api/agent/sessions/" + prefix + refused.getFirst();
        assertThat(stack.get(known).status()).isEqualTo(404);
        assertThat(stack.messages(prefix + refused.getFirst())).isEmpty();

        for (int i = 0; i < all; i++) {
          if (answers.get(i).status() == 202) {
            stack.post(
                stack.agent() + "/api/agent/cancel", "{\"session_id\":\"" + prefix + i + "\"}");
          }
        }
        for (int i = 0; i < all; i++) {
          if (answers.get(i).status() == 202) {
            assertThat(stack.untilEnded(prefix + i, 1).getLast().path("step").asText())
                .isEqualTo("cancelled");
          }
        }
      }
    }
  }

  private static String said(Stack.Answer answer) {
    return answer.json().path("status").asText();
  }
}
