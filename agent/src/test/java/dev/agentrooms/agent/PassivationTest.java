package dev.agentrooms.agent;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.RawServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sessions with a ttl of a few milliseconds, on a node with few slots.
@Tag("race")
class PassivationTest {

  private static final int RUNS = Given.stress(400);

  @Test
  void noRunIsLostBetweenTwoLivesOfItsSession() throws Exception {
    WireMockServer tools = new WireMockServer(wireMockConfig().dynamicPort());
    tools.start();
    byte[] json = Json.encode(Given.answer("rag_answer"));
    tools.stubFor(post("/rag").willReturn(aResponse().withStatus(200).withBody(json)));
    long seed = System.nanoTime();
    String settings =
        "agent.session.ttl = 2ms, agent.progress.outbox-ttl = 2ms, agent.runs.max-concurrent = 2,"
            + " agent.tools.rag.url = \"%s\"";
    try (AgentNode agent = new AgentNode(settings.formatted(tools.baseUrl()));
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> clients = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        int client = c;
        clients.add(pool.submit(() -> runs(agent, client, new Random(seed + client))));
      }
      for (Future<List<String>> client : clients) {
        for (String run : client.get(Given.stress(300), TimeUnit.SECONDS)) {
          assertThat(agent.awaitEnd(run).step()).as("seed %d", seed).isEqualTo("final_answer");
          assertThat(agent.steps(run).stream().filter(StepWords::isTerminal)).hasSize(1);
        }
      }
    } finally {
      tools.stop();
    }
  }

  @Test
  void whenTooManyWaitTheNextIsTurnedAway() throws Exception {
    try (RawServer stuck = new RawServer(RawServer.Connection::waitForClose);
        AgentNode agent =
            new AgentNode(
                "agent.runs.max-concurrent = 1, agent.runs.max-queued = 1,"
                    + " agent.tools.rag.url = \"%s\"".formatted(stuck.uri()))) {
      String first = agent.run(ask("a")).text("run_id");
      assertThat(agent.run(ask("b")).text("status")).isEqualTo("queued");
      Answer full = agent.run(ask("c"), "Idempotency-Key", "k");
      assertThat(full.status()).isEqualTo(429);
      assertThat(full.header("Retry-After")).isNotEmpty();
      assertThat(agent.get("/api/agent/sessions/c").status()).isEqualTo(404);
      agent.post("/api/agent/cancel", "{\"session_id\":\"b\"}");
      assertThat(agent.run(ask("c"), "Idempotency-Key", "k").text("status")).isEqualTo("queued");
      agent.post("/api/agent/cancel", "{\"session_id\":\"a\"}");
      assertThat(agent.awaitEnd(first).step()).isEqualTo("cancelled");
      assertThat(agent.send("DELETE", "/api/agent/sessions/c", "").status()).isEqualTo(204);
    }
  }

  private static List<String> runs(AgentNode agent, int client, Random random) throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < RUNS / 4; i++) {
      Answer answer = agent.run(ask("s" + random.nextInt(3)));
      assertThat(answer.status()).as("client %d", client).isEqualTo(202);
      ids.add(answer.text("run_id"));
      // About as long as a session lives after its run.
      agent.awaitEnd(answer.text("run_id"));
      LockSupport.parkNanos(random.nextInt(4_000_000));
    }
    return ids;
  }

  private static String ask(String session) {
    return "{\"question\":\"Why?\",\"on_busy\":\"enqueue\",\"session_id\":\"" + session + "\"}";
  }
}
