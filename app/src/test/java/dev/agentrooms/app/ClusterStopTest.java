package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.store.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A node that is told to stop (SIGTERM), and what those that it served notice of that.
@Tag("process")
class ClusterStopTest {

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

  private static NodeProcesses nodes(int count, Map<String, String> settings) throws Exception {
    return new NodeProcesses(Objects.requireNonNull(server), count, settings);
  }

  @Test
  void aNodeThatLeavesServesEverythingForItsDelay() throws Exception {
    try (TestTool tool = TestTool.after(1);
        NodeProcesses nodes =
            nodes(
                1,
                Map.of(
                    "CLUSTER_LEAVE_DELAY", "4s",
                    "AGENT_RAG_URL", tool.url(),
                    "AGENT_TEST_GENERATOR_URL", tool.url()))) {
      nodes.startAll();
      Stack node = nodes.stack(0);
      try (Watcher watcher = Watcher.of(node, "s")) {
        nodes.process(0).terminate();
        for (String url : List.of(node.agent(), node.webUi())) {
          Stack.await(() -> node.get(url + "/health/ready").status(), status -> status == 503);
        }

        node.run("s", "Create a quiz about time");
        assertThat(watcher.untilEnded(1).getLast().path("meta").path("status").asText())
            .isEqualTo("succeeded");
        assertThat(watcher.closed()).isNotDone();
        assertThat(watcher.closed().get(60, TimeUnit.SECONDS)).isEqualTo(1001);
        assertThat(watcher.reason()).matches(".*retry_ms=\\d+");
      }
      assertThat(nodes.process(0).exitCode()).as(nodes.log(0)).isZero();
    }
  }

  @Test
  void whatStillRunsGoesOnAtAnotherNodeAndEndsOnce() throws Exception {
    int sessions = 8;
    try (TestTool tool = TestTool.after(2_000);
        NodeProcesses nodes =
            nodes(
                3,
                Map.of(
                    "CLUSTER_LEAVE_DELAY",
                    "500ms",
                    "AGENT_SHUTDOWN_GRACE",
                    "100ms",
                    "AGENT_RAG_URL",
                    tool.url(),
                    "AGENT_TEST_GENERATOR_URL",
                    tool.url()))) {
      nodes.startAll();
      for (int leaver : new int[] {0, 2}) {
        List<Watcher> watchers = new ArrayList<>();
        Stack witness = nodes.stack(1);
        for (int i = 0; i < sessions; i++) {
          String session = "of" + leaver + "-" + i;
          watchers.add(Watcher.of(witness, session));
          witness.run(session, "Create a quiz about time");
        }
        long told = System.nanoTime();
        nodes.process(leaver).terminate();
        assertThat(nodes.process(leaver).exitCode()).as(nodes.log(leaver)).isZero();
        long ended = System.nanoTime();
        nodes.awaitMembers(1, 2);
        for (Watcher watcher : watchers) {
          List<JsonNode> events = watcher.untilEnded(1);
          assertThat(events.getLast().path("meta").path("status").asText()).isEqualTo("succeeded");
          assertThat(events.stream().filter(Stack::isTerminal)).hasSize(1);
          assertThat(Stack.seqs(events))
              .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
          watcher.close();
        }
        System.out.printf(
            "SIGTERM with 500 ms of delay: ended after %d ms, its runs after %d ms%n",
            (ended - told) / 1_000_000, (System.nanoTime() - told) / 1_000_000);
        nodes.start(leaver);
        nodes.awaitMembers(leaver, 3);
      }
      assertThat(nodes.log(0) + nodes.log(1) + nodes.log(2)).doesNotContain("has died");
    }
  }
}
