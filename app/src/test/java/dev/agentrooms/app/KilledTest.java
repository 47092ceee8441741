package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed (`kill -9`) again and again in the middle of its work, and what its
/// users find afterwards.
@Tag("process")
class KilledTest {

  private static final int KILLS = Stress.times(5);

  @TempDir private Path folder;

  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Map<String, String> accepted = new LinkedHashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Map<String, Long> published = new LinkedHashMap<>();

  @Test
  void whatWasAnsweredIsThereAndEveryRunEndsOnce() throws Exception {
    System.out.printf("%d kills, seed %d%n", KILLS, seed);
    Random random = new Random(seed);
    Map<String, Object> ports = Stack.ports();
    String epoch = "";
    for (int i = 0; i < KILLS; i++) {
      try (Spawned server = server(ports)) {
        Stack stack = ready(ports);
        work(stack, random, i);
        epoch = room(stack).path("epoch").asText();
        server.kill();
      }
    }
    try (Spawned server = server(ports)) {
      Stack stack = ready(ports);
      for (Map.Entry<String, String> run : accepted.entrySet()) {
        assertEnded(stack, run.getKey(), run.getValue());
      }
      JsonNode room = Stack.await(() -> room(stack), this::hasAll);
      assertRoom(room);
      assertThat(room.path("epoch").asText()).isEqualTo(epoch);
      server.kill();
    }
  }

  private Spawned server(Map<String, Object> ports) throws Exception {
    return Spawned.jvm()
        .with(
            Map.of(
                "STORE_KIND", "file",
                "STORE_DIR", folder.resolve("data").toString(),
                "WEBUI_HISTORY_SIZE", "10000",
                "AGENT_HTTP_PORT", "" + ports.get("agent.http.port"),
                "WEBUI_HTTP_PORT", "" + ports.get("webui.http.port"),
                "MOCKS_HTTP_PORT", "" + ports.get("mocks.http.port"),
                "WEBUI_AGENT_URL", "http://127.0.0.1:" + ports.get("agent.http.port")))
        .main("up");
  }

  private static Stack ready(Map<String, Object> ports) {
    Stack stack = Stack.running(port(ports, "agent.http.port"), port(ports, "webui.http.port"));
    Stack.await(() -> isReady(stack), ready -> ready);
    return stack;
  }

  private static int port(Map<String, Object> ports, String key) {
    return Integer.parseInt(String.valueOf(ports.get(key)));
  }

  private static boolean isReady(Stack stack) {
    try {
      return stack.get(stack.agent() + "/health/ready").status() == 200
          && stack.get(stack.webUi() + "/health/ready").status() == 200;
    } catch (AssertionError | RuntimeException notYet) {
      return false;
    }
  }

  private void work(Stack stack, Random random, int round) {
    for (int i = 0; i < 4; i++) {
      String runId = "run-" + round + "-" + i;
      String session = "s" + random.nextInt(3);
      String question = random.nextBoolean() ? "Create a quiz about light" : "Why is it blue?";
      Stack.Answer answer =
          stack.post(
              stack.agent() + "/api/agent/run",
              "{\"session_id\":\"%s\",\"question\":\"%s\",\"on_busy\":\"enqueue\",\"run_id\":\"%s\"}"
                  .formatted(session, question, runId));
      assertThat(answer.status()).isEqualTo(202);
      accepted.put(runId, session);
      if (random.nextInt(4) == 0) {
        int status =
            stack
                .post(
                    stack.agent() + "/api/agent/cancel",
                    "{\"session_id\":\"%s\",\"run_id\":\"%s\"}".formatted(session, runId))
                .status();
        if (status == 200 || status == 202) {
          cancelled.add(runId);
        }
      }
      String eventId = "e-" + round + "-" + i;
      Stack.Answer published =
          stack.post(
              stack.webUi() + "/api/agent/progress",
              ("{\"event_id\":\"%s\",\"session_id\":\"s0\",\"step\":\"elsewhere\","
                      + "\"ts\":\"2026-11-22T10:00:00Z\"}")
                  .formatted(eventId));
      assertThat(published.status()).isEqualTo(200);
      this.published.put(eventId, published.json().path("seq").asLong());
    }
  }

  private void assertEnded(Stack stack, String runId, String session) {
    String url = stack.agent() + "/api/agent/sessions/" + session + "/runs/" + runId;
    String status =
        Stack.await(
            () -> stack.get(url).json().path("status").asText(),
            is -> Set.of("succeeded", "failed", "cancelled").contains(is));
    // A call in which the server dies again and again is not made for ever.
    Set<String> right =
        cancelled.contains(runId) ? Set.of("cancelled") : Set.of("succeeded", "failed");
    assertThat(status).as("%s, seed %d", runId, seed).isIn(right);
  }

  private static JsonNode room(Stack stack) {
    return stack.get(stack.webUi() + "/api/messages?session_id=s0").json();
  }

  private boolean hasAll(JsonNode room) {
    Set<String> ended = new HashSet<>();
    for (JsonNode event : room.path("messages")) {
      if (Set.of("final_answer", "cancelled").contains(event.path("step").asText())) {
        ended.add(event.path("run_id").asText());
      }
    }
    return accepted.entrySet().stream()
        .filter(run -> run.getValue().equals("s0"))
        .allMatch(run -> ended.contains(run.getKey()));
  }

  private void assertRoom(JsonNode room) {
    List<String> ids = new ArrayList<>();
    Set<String> over = new HashSet<>();
    long seq = 0;
    for (JsonNode event : room.path("messages")) {
      assertThat(event.path("seq").asLong()).as("seed %d", seed).isEqualTo(++seq);
      String id = event.path("event_id").asText();
      ids.add(id);
      if (published.containsKey(id)) {
        assertThat(published.get(id)).as("%s, seed %d", id, seed).isEqualTo(seq);
      }
      String runId = event.path("run_id").asText();
      assertThat(over).as("seed %d: %s goes on", seed, runId).doesNotContain(runId);
      if (Set.of("final_answer", "cancelled").contains(event.path("step").asText())) {
        over.add(runId);
      }
    }
    assertThat(ids).as("seed %d", seed).doesNotHaveDuplicates().containsAll(published.keySet());
  }
}
