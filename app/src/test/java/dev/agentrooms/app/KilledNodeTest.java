package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.store.PostgresServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One of three nodes is killed (`kill -9`) in the middle of what it does, again and again.
@Tag("process")
class KilledNodeTest {

  private static final int KILLS = Stress.times(3);
  private static final int RUNS = 8;

  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void whatItRanGoesOnAndEndsOnceAndWatchersElsewhereMissNothing() throws Exception {
    System.out.printf("KilledNodeTest: %d kills, seed %d%n", KILLS, seed);
    long longest = 0;
    try (PostgresServer server = PostgresServer.start();
        KeyedTool tool = new KeyedTool(1_000);
        NodeProcesses nodes =
            new NodeProcesses(
                server,
                3,
                Map.of(
                    // The default: what is promised depends on it.
                    "STORE_PATIENCE", "3s",
                    "AGENT_RAG_URL", tool.url(),
                    "AGENT_TEST_GENERATOR_URL", tool.url()))) {
      nodes.startAll();
      for (int kill = 0; kill < KILLS; kill++) {
        int victim = random.nextInt(3);
        int witness = (victim + 1 + random.nextInt(2)) % 3;
        Map<String, Watcher> watchers = new LinkedHashMap<>();
        for (int i = 0; i < RUNS; i++) {
          String session = "k" + kill + "-" + i;
          Watcher watcher = Watcher.of(nodes.stack(witness), session);
          watchers.put(nodes.stack(i % 3).run(session, "Create a quiz about time"), watcher);
        }
        LockSupport.parkNanos(1_000_000L * random.nextInt(800));
        nodes.process(victim).kill();
        long killed = System.nanoTime();
        for (Map.Entry<String, Watcher> run : watchers.entrySet()) {
          assertOnce(run.getKey(), run.getValue(), tool);
        }
        longest = Math.max(longest, System.nanoTime() - killed);
        watchers.values().forEach(Watcher::close);
        nodes.start(victim);
        nodes.awaitMembers(victim, 3);
      }
    }
    System.out.printf("the last run of a kill ended after at most %d ms%n", longest / 1_000_000);
  }

  private void assertOnce(String runId, Watcher watcher, KeyedTool tool) {
    List<JsonNode> events = watcher.untilEnded(1);
    assertThat(events.getLast().path("meta").path("status").asText())
        .as("%s, seed %d", runId, seed)
        .isEqualTo("succeeded");
    assertThat(events.stream().filter(Stack::isTerminal)).as("seed %d", seed).hasSize(1);
    assertThat(Stack.seqs(events))
        .as("%s, seed %d", runId, seed)
        .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(watcher.closed()).as("seed %d", seed).isNotDone();
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (KeyedTool.Call call : tool.of(runId)) {
      keys.computeIfAbsent(call.path(), path -> new ArrayList<>()).add(call.key());
    }
    keys.forEach(
        (path, all) ->
            assertThat(all.stream().collect(Collectors.toSet()))
                .as("keys of %s of %s, seed %d", path, runId, seed)
                .hasSize(1));
  }
}
