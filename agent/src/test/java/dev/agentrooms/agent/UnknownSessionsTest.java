package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests for sessions that do not exist leave nothing behind.
@Tag("wire")
@Timeout(300)
class UnknownSessionsTest {

  private static final int MADE_UP = 500;

  @Test
  void askingForASessionMakesNone() throws Exception {
    try (AgentNode agent = new AgentNode("")) {
      for (int i = 0; i < MADE_UP; i++) {
        String id = "made-up-" + i;
        String path = "/api/agent/sessions/" + id;
        String cancel = "{\"session_id\":\"" + id + "\"}";
        assertThat(agent.get(path).status()).isEqualTo(404);
        assertThat(agent.get(path + "/runs/r-1").status()).isEqualTo(404);
        assertThat(agent.post("/api/agent/cancel", cancel).status()).isEqualTo(404);
        assertThat(agent.send("DELETE", path, "").status()).isEqualTo(404);
        assertThat(agent.run(cancel).status()).isEqualTo(400);
      }

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (agent.sessions() > 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(10_000_000);
      }
      assertThat(agent.sessions()).isZero();
      assertThat(agent.get("/api/agent/sessions").json().path("sessions")).isEmpty();
    }
  }
}
