package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.tools.RawServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Draining: a stopping agent lets its runs end.
@Tag("wire")
class DrainTest {

  private static final String ASK = "{\"question\":\"Why?\",\"session_id\":\"%s\"%s}";
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void itWaitsForTheLastRunAndTakesOnNoMore() throws Exception {
    try (RawServer stuck = new RawServer(RawServer.Connection::waitForClose);
        AgentNode agent = new AgentNode("agent.tools.rag.url = \"" + stuck.uri() + "\"")) {
      String run = agent.run(ASK.formatted("a", "")).text("run_id");
      stuck.awaitRequest();

      CompletableFuture<Done> drained = agent.drain(LONG);

      assertThat(agent.run(ASK.formatted("b", "")).status()).isEqualTo(503);
      assertThat(agent.run(ASK.formatted("a", ",\"on_busy\":\"interrupt\"")).status())
          .isEqualTo(503);
      assertThat(agent.get("/health/ready").status()).isEqualTo(503);
      assertThat(agent.get("/health/live").status()).isEqualTo(200);
      // What is there can still be read and cancelled, and then there is nothing to wait for.
      assertThat(agent.get("/api/agent/sessions/a").text("status")).isEqualTo("running");
      assertThat(drained).isNotDone();
      agent.post("/api/agent/cancel", "{\"session_id\":\"a\"}");
      drained.get(60, TimeUnit.SECONDS);
      assertThat(agent.awaitEnd(run).meta()).isNotNull();
      assertThat(agent.awaitEnd(run).message()).contains("requested");
    }
  }

  @Test
  void whatHasNotEndedWithinTheGraceIsCancelledRunningOrWaiting() throws Exception {
    try (RawServer stuck = new RawServer(RawServer.Connection::waitForClose);
        AgentNode agent =
            new AgentNode(
                "agent.runs.max-concurrent = 1, agent.tools.rag.url = \"" + stuck.uri() + "\"")) {
      String running = agent.run(ASK.formatted("a", "")).text("run_id");
      String behind = agent.run(ASK.formatted("a", ",\"on_busy\":\"enqueue\"")).text("run_id");
      String waiting = agent.run(ASK.formatted("b", "")).text("run_id");
      stuck.awaitRequest();

      agent.drain(Duration.ofMillis(50)).get(60, TimeUnit.SECONDS);

      for (String run : new String[] {running, behind, waiting}) {
        assertThat(agent.steps(run)).last().isEqualTo("cancelled");
        assertThat(agent.awaitEnd(run).message()).contains("shutdown");
      }
      stuck.awaitClose();
    }
  }

  @Test
  void withNothingToDoItIsDoneAtOnce() throws Exception {
    try (AgentNode agent = new AgentNode("")) {
      agent.drain(LONG).get(60, TimeUnit.SECONDS);

      assertThat(agent.run(ASK.formatted("a", "")).status()).isEqualTo(503);
    }
  }
}
