package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.PostgresServer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three processes that are one cluster, and what becomes of it when one of them does not answer.
@Tag("process")
class ClusterTest {

  private static @Nullable PostgresServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static NodeProcesses nodes(Map<String, String> settings) throws Exception {
    return new NodeProcesses(Objects.requireNonNull(server), 3, settings);
  }

  @Test
  void aProcessThatWasKilledIsRemovedAtOnceAndComesBack() throws Exception {
    try (NodeProcesses nodes = nodes(Map.of())) {
      nodes.startAll();
      // The oldest, at which all that there is once was.
      for (int victim : new int[] {0, 2}) {
        int witness = 1;
        long killed = System.nanoTime();
        nodes.process(victim).kill();
        nodes.awaitMembers(witness, 2);
        long unreachable = System.nanoTime();
        Stack.await(
            () -> nodes.metrics(witness),
            page -> page.contains("rooms_cluster_members{status=\"up\"} 2.0"));
        System.out.printf(
            "killed: unreachable after %d ms, removed after %d ms%n",
            (unreachable - killed) / 1_000_000, (System.nanoTime() - killed) / 1_000_000);
        nodes.start(victim);
        nodes.awaitMembers(victim, 3);
      }
      assertThat(nodes.log(1)).contains("has died: nothing listens at its port");
    }
  }

  /// The kernel goes on taking connections for it: a port that answers says nothing of a process
  /// that hangs.
  @Test
  void aNodeThatIsSilentIsLeftBehindAndEndsWhenItWakes() throws Exception {
    try (NodeProcesses nodes =
        nodes(Map.of("CLUSTER_ACCEPTABLE_PAUSE", "2s", "CLUSTER_STABLE_AFTER", "3s"))) {
      nodes.startAll();
      nodes.signal(0, "STOP");
      Stack.await(() -> nodes.log(1) + nodes.log(2), log -> log.contains("is downing"));
      nodes.awaitMembers(1, 2);
      nodes.awaitMembers(2, 2);
      nodes.signal(0, "CONT");

      assertThat(nodes.process(0).exitCode()).as(nodes.log(0)).isEqualTo(70);
      nodes.start(0);
      nodes.awaitMembers(0, 3);
      assertThat(nodes.log(1) + nodes.log(2)).doesNotContain("has died");
    }
  }

  @Test
  void whoIsLeftAloneEndsAndTheNextOnesFoundTheClusterAnew() throws Exception {
    try (NodeProcesses nodes =
        nodes(Map.of("CLUSTER_ACCEPTABLE_PAUSE", "2s", "CLUSTER_STABLE_AFTER", "3s"))) {
      nodes.startAll();
      nodes.process(0).kill();
      nodes.awaitMembers(2, 2);
      nodes.process(1).kill();

      assertThat(nodes.process(2).exitCode()).as(nodes.log(2)).isEqualTo(70);
      // Not the first of the list alone may do that.
      nodes.start(2);
      nodes.awaitMembers(2, 1);
      nodes.start(0);
      nodes.awaitMembers(0, 2);
    }
  }

  @Test
  void aNodeThatFindsNobodyEndsAfterItsTime() throws Exception {
    try (NodeProcesses nodes = nodes(Map.of("CLUSTER_JOIN_TIMEOUT", "2s"))) {
      // It is none of the seeds, and so founds nothing.
      nodes.startApart(0);

      assertThat(nodes.process(0).exitCode()).as(nodes.log(0)).isEqualTo(70);
      assertThat(nodes.log(0))
          .endsWith(
              "agent-rooms: cluster.seed-nodes: none let this node join within 2000 ms"
                  + " (cluster.join-timeout)\n");
    }
  }

  @Test
  void aSecondProcessOfOneStoreThatWasNotToldToJoinEnds() throws Exception {
    PostgresServer postgres = Objects.requireNonNull(server);
    String url = postgres.url(postgres.newDatabase());
    try (Child first =
        Child.up("STORE_KIND", "", "STORE_URL", url, "STORE_USER", PostgresServer.USER)) {
      Map<String, String> second = new HashMap<>();
      Stack.ports()
          .forEach(
              (key, port) -> second.put(key.toUpperCase(Locale.ROOT).replace('.', '_'), "" + port));
      second.putAll(Map.of("STORE_KIND", "", "STORE_URL", url, "STORE_USER", PostgresServer.USER));
      try (Spawned process = Spawned.main(second, "up")) {
        assertThat(process.exitCode()).as(process.err()).isEqualTo(2);
        assertThat(process.err().lines().toList().getLast())
            .matches(
                "agent-rooms: cluster.seed-nodes: is empty, and pekko://agent-rooms@127.0.0.1:\\d+"
                    + " uses the same store: name the nodes to join");
      }
      // Of one that was killed only a last heartbeat is there, which holds up nobody.
      first.process().kill();
      try (Spawned process = Spawned.main(second, "up")) {
        process.awaitOut("Agent Rooms is up.");
      }
    }
  }
}
