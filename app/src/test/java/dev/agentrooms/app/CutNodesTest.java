package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.app.Namespaces.Net;
import dev.agentrooms.store.PostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One of three nodes is cut from the others, from them and the store, or stands still, while users
/// work at all of them and watch the same rooms at each. Its users reach it all the while, and so
/// do the tools: nothing that it answered may be missing afterwards.
///
/// It takes minutes, so that it runs with `-Pstress` alone.
@Tag("process")
class CutNodesTest {

  private static final int NODES = 3;
  private static final int ROUNDS = Math.max(1, Stress.FACTOR / 5);
  private static final Duration PROMISED = Duration.ofSeconds(20);

  private enum Fault {
    CUT_FROM_NODES,
    CUT_FROM_NODES_AND_STORE,
    FROZEN
  }

  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeAll
  static void isWanted() {
    Assumptions.assumeTrue(Stress.FACTOR > 1, "it takes minutes; -Pstress does it");
  }

  @Test
  void theRestGoesOnAndNothingIsLost() throws Exception {
    underFaults(ROUNDS, Map.of("CLUSTER_ACCEPTABLE_PAUSE", "2s", "CLUSTER_STABLE_AFTER", "3s"));
  }

  @Test
  void theRestAnswersAsSoonAsPromised() throws Exception {
    assertThat(underFaults(1, Map.of())).isLessThan(PROMISED);
  }

  /// @return the longest that the rest needed to answer everything again, or that a node which was
  ///     cut off needed to end
  private Duration underFaults(int rounds, Map<String, String> settings) throws Exception {
    System.out.printf("CutNodesTest: %d rounds, seed %d%n", rounds, seed);
    try (Namespaces spaces = Namespaces.of(NODES);
        PostgresServer server = PostgresServer.start(spaces.here(Net.STORE));
        KeyedTool tool = new KeyedTool(spaces.here(Net.CLIENTS), 60)) {
      Map<String, String> all = new HashMap<>(NodesUnderLoad.settings(tool));
      all.putAll(settings);
      try (NodeProcesses nodes = new NodeProcesses(server, spaces.places(), all)) {
        nodes.startAll();
        Duration longest = Duration.ZERO;
        try (NodesUnderLoad load = new NodesUnderLoad(nodes, tool, seed)) {
          for (int round = 0; round < rounds; round++) {
            for (Fault fault : Fault.values()) {
              Duration took = under(fault, spaces, nodes, load);
              longest = took.compareTo(longest) > 0 ? took : longest;
            }
          }
          load.assertAll();
          System.out.printf("%s%n", load);
        }
        return longest;
      }
    }
  }

  private Duration under(Fault fault, Namespaces spaces, NodeProcesses nodes, NodesUnderLoad load)
      throws Exception {
    load.begin();
    LockSupport.parkNanos(1_000_000L * random.nextInt(100, 1500));
    int victim = random.nextInt(NODES);
    long begun = System.nanoTime();
    switch (fault) {
      case CUT_FROM_NODES -> spaces.cut(victim, Net.NODES);
      case CUT_FROM_NODES_AND_STORE -> spaces.cut(victim, Net.NODES, Net.STORE);
      case FROZEN -> nodes.signal(victim, "STOP");
    }
    List<Integer> rest = IntStream.range(0, NODES).filter(node -> node != victim).boxed().toList();
    rest.forEach(node -> nodes.awaitMembers(node, NODES - 1));
    Duration missed = Duration.ofNanos(System.nanoTime() - begun);
    if (fault != Fault.FROZEN) {
      // Before it ends, a load balancer sends nobody to it.
      Stack stack = nodes.stack(victim);
      Stack.await(() -> stack.get(stack.webUi() + "/health/ready").status(), ready -> ready == 503);
    }
    rest.forEach(load::answersAt);
    Duration answered = Duration.ofNanos(System.nanoTime() - begun);
    if (fault == Fault.FROZEN) {
      nodes.signal(victim, "CONT");
    }
    assertThat(nodes.process(victim).exitCode()).as(nodes.log(victim)).isEqualTo(70);
    Duration ended = Duration.ofNanos(System.nanoTime() - begun);
    System.out.printf(
        "%s: node %d was missed after %d ms, the rest answered after %d ms, it ended after %d ms%n",
        fault, victim, missed.toMillis(), answered.toMillis(), ended.toMillis());
    load.end(victim);
    spaces.join(victim, Net.NODES, Net.STORE);
    nodes.start(victim);
    for (int node = 0; node < NODES; node++) {
      nodes.awaitMembers(node, NODES);
    }
    load.comeBack(victim);
    return fault == Fault.FROZEN || answered.compareTo(ended) > 0 ? answered : ended;
  }
}
