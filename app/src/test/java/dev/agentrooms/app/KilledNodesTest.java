package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.PostgresServer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The store of three nodes crashes, and then one of them is killed (`kill -9`) or told to stop
/// again and again, while users work at all of them and watch the same rooms at each.
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
        NodeProcesses nodes = new NodeProcesses(server, NODES, NodesUnderLoad.settings(tool))) {
      nodes.startAll();
      try (NodesUnderLoad load = new NodesUnderLoad(nodes, tool, seed)) {
        long restarted = restart(server, nodes, load);
        long[] answered = new long[KILLS];
        for (int kill = 0; kill < KILLS; kill++) {
          answered[kill] = kill(nodes, load) / 1_000_000;
        }
        load.assertAll();
        Arrays.sort(answered);
        System.out.printf(
            "%s; the rest answered after %s ms, all of them %d ms after the store was back%n",
            load, Arrays.toString(answered), restarted / 1_000_000);
      }
    }
  }

  /// @return how long the others needed to answer for it
  private long kill(NodeProcesses nodes, NodesUnderLoad load) throws Exception {
    load.begin();
    pause();
    int victim = random.nextInt(NODES);
    if (random.nextInt(4) == 0) {
      nodes.process(victim).terminate();
    } else {
      nodes.process(victim).kill();
    }
    long killed = System.nanoTime();
    int witness = (victim + 1) % NODES;
    nodes.awaitMembers(witness, NODES - 1);
    load.answersAt(witness);
    long answered = System.nanoTime();
    load.end(victim);
    nodes.process(victim).process().waitFor();
    nodes.start(victim);
    nodes.awaitMembers(victim, NODES);
    nodes.awaitMembers(witness, NODES);
    load.comeBack(victim);
    return answered - killed;
  }

  /// @return how long all of them needed to answer again
  private long restart(PostgresServer server, NodeProcesses nodes, NodesUnderLoad load)
      throws Exception {
    load.begin();
    pause();
    server.crash();
    for (int node = 0; node < NODES; node++) {
      Stack stack = nodes.stack(node);
      Stack.Answer refused =
          Stack.await(() -> load.publish(stack, "probe0"), answer -> answer.status() == 503);
      assertThat(refused.header("Retry-After")).isNotEmpty();
    }
    server.up();
    long isUp = System.nanoTime();
    for (int node = 0; node < NODES; node++) {
      load.answersAt(node);
    }
    long answered = System.nanoTime();
    load.end(NodesUnderLoad.NOBODY);
    for (int node = 0; node < NODES; node++) {
      nodes.awaitMembers(node, NODES);
    }
    return answered - isUp;
  }

  private void pause() {
    LockSupport.parkNanos(1_000_000L * random.nextInt(100, 1500));
  }
}
