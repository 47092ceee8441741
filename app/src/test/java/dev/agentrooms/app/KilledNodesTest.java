package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.store.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One of three nodes is killed (`kill -9`) or told to stop again and again, while users work at
/// all of them and watch the same rooms at each. Whoever watches at another node sees each event
/// once, in order, and is not closed; what was answered is there, and each run ends once.
@Tag("process")
class KilledNodesTest {

  private static final int NODES = 3;
  private static final int KILLS = Stress.times(1);

  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void whoeverIsAtAnotherNodeSeesAPauseAndNothingElse() throws Exception {
    System.out.printf("KilledNodesTest: %d kills, seed %d%n", KILLS, seed);
    try (PostgresServer server = PostgresServer.start();
        KeyedTool tool = new KeyedTool(60);
        NodeProcesses nodes = new NodeProcesses(server, NODES, settings(tool))) {
      nodes.startAll();
      List<KilledWork> works = new ArrayList<>();
      for (int node = 0; node < NODES; node++) {
        works.add(new KilledWork(tool, seed + node, "n" + node + "s"));
      }
      List<RoomSeen> seen = watch(nodes, works);
      long longest = 0;
      for (int kills = 0; kills < KILLS; kills++) {
        for (int node = 0; node < NODES; node++) {
          works.get(node).begin(nodes.stack(node));
        }
        LockSupport.parkNanos(1_000_000L * random.nextInt(100, 1500));
        int victim = random.nextInt(NODES);
        if (random.nextInt(4) == 0) {
          nodes.process(victim).terminate();
        } else {
          nodes.process(victim).kill();
        }
        long killed = System.nanoTime();
        int witness = (victim + 1) % NODES;
        nodes.awaitMembers(witness, NODES - 1);
        longest = Math.max(longest, answersAgain(nodes, witness, kills, killed));
        for (KilledWork work : works) {
          work.end();
        }
        for (RoomSeen each : seen) {
          each.check(victim);
        }
        nodes.process(victim).process().waitFor();
        nodes.start(victim);
        nodes.awaitMembers(victim, NODES);
        nodes.awaitMembers(witness, NODES);
        for (RoomSeen each : seen) {
          each.comeBack(victim);
        }
      }
      for (int node = 0; node < NODES; node++) {
        works.get(node).askAgain(nodes.stack((node + 1) % NODES));
      }
      for (int node = 0; node < NODES; node++) {
        for (KilledWork work : works) {
          assertAll(nodes.stack(node), work);
        }
      }
      for (RoomSeen each : seen) {
        each.hasSeen(
            nodes
                .stack(each.node)
                .get(nodes.stack(each.node).webUi() + "/api/messages?session_id=" + each.session)
                .json()
                .path("messages"));
        each.close();
      }
      System.out.printf("%s; the rest answered within %d ms%n", works, longest / 1_000_000);
    }
  }

  private static Map<String, String> settings(KeyedTool tool) {
    return Map.of(
        "WEBUI_HISTORY_SIZE", "10000",
        "AGENT_SESSION_KEPT_RUNS", "10000",
        "AGENT_SESSION_SLEEP_AFTER", "300ms",
        "AGENT_SHUTDOWN_GRACE", "100ms",
        "CLUSTER_LEAVE_DELAY", "300ms",
        "AGENT_RAG_URL", tool.url(),
        "AGENT_TEST_GENERATOR_URL", tool.url());
  }

  private List<RoomSeen> watch(NodeProcesses nodes, List<KilledWork> works) {
    List<RoomSeen> seen = new ArrayList<>();
    for (KilledWork work : works) {
      for (String session : work.sessions()) {
        for (int node = 0; node < NODES; node++) {
          seen.add(new RoomSeen(nodes.stack(node), node, session, seed));
        }
      }
    }
    return seen;
  }

  /// Each session and room of the node that is gone answers at another.
  private static long answersAgain(NodeProcesses nodes, int witness, int round, long killed) {
    Stack stack = nodes.stack(witness);
    for (int i = 0; i < 24; i++) {
      String session = "probe" + i;
      Stack.await(
          () ->
              stack
                  .post(
                      stack.webUi() + "/api/agent/progress",
                      ("{\"event_id\":\"p%d\",\"session_id\":\"%s\",\"step\":\"elsewhere\","
                              + "\"ts\":\"2026-11-22T10:00:00Z\"}")
                          .formatted(round, session))
                  .status(),
          status -> status == 200);
      assertThat(stack.get(stack.agent() + "/api/agent/sessions/" + session).status())
          .isEqualTo(404);
    }
    return System.nanoTime() - killed;
  }

  private void assertAll(Stack stack, KilledWork work) {
    KilledRooms rooms = new KilledRooms(work, seed);
    for (String session : work.sessions()) {
      rooms.assertRoom(
          Stack.await(
              () -> stack.get(stack.webUi() + "/api/messages?session_id=" + session).json(),
              found -> rooms.hasAll(found, session)),
          session);
    }
    work.assertOutcomes(stack);
  }

  /// What somebody sees of one room at one node, however often that dies.
  private static final class RoomSeen {

    private final Stack stack;
    private final int node;
    private final String session;
    private final long seed;
    private final List<JsonNode> before = new ArrayList<>();
    private Watcher watcher;

    RoomSeen(Stack stack, int node, String session, long seed) {
      this.stack = stack;
      this.node = node;
      this.session = session;
      this.seed = seed;
      this.watcher = Watcher.of(stack, session);
    }

    /// @param victim the node that was killed
    void check(int victim) {
      if (node != victim) {
        assertThat(watcher.closed()).as("%s at %d, seed %d", session, node, seed).isNotDone();
      }
      long seq = before.size();
      for (JsonNode event : watcher.events()) {
        assertThat(event.path("seq").asLong())
            .as("%s at %d, seed %d: %s", session, node, seed, event)
            .isEqualTo(++seq);
      }
    }

    void comeBack(int victim) {
      if (node == victim) {
        before.addAll(watcher.events());
        String epoch =
            before.isEmpty()
                ? "x"
                : stack
                    .get(stack.webUi() + "/api/messages?session_id=" + session + "&limit=1")
                    .json()
                    .path("epoch")
                    .asText();
        watcher.close();
        watcher = new Watcher(stack.webUi());
        watcher.send(
            "{\"cmd\":\"subscribe\",\"session_id\":\"%s\",\"after\":%d,\"epoch\":\"%s\"}"
                .formatted(session, before.size(), epoch));
        JsonNode told =
            watcher
                .await(
                    all -> all.stream().anyMatch(m -> m.path("type").asText().equals("subscribed")))
                .getFirst();
        assertThat(told.path("recovered").asBoolean())
            .as("%s at %d, seed %d: %s", session, node, seed, told)
            .isTrue();
      }
    }

    void hasSeen(JsonNode messages) {
      List<JsonNode> all = new ArrayList<>(before);
      all.addAll(
          watcher
              .await(
                  told ->
                      before.size()
                              + told.stream()
                                  .filter(m -> m.path("type").asText().equals("progress"))
                                  .count()
                          >= messages.size())
              .stream()
              .filter(m -> m.path("type").asText().equals("progress"))
              .toList());
      assertThat(all).as("%s at %d, seed %d", session, node, seed).hasSize(messages.size());
      for (int i = 0; i < messages.size(); i++) {
        assertThat(all.get(i).path("event_id")).isEqualTo(messages.get(i).path("event_id"));
      }
    }

    void close() {
      watcher.close();
    }
  }
}
