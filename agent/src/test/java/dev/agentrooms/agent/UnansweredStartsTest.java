package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.tools.RawServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A session that does not answer in time may have started the run: the client is told so, and can
/// find out.
@Tag("wire")
class UnansweredStartsTest {

  private static AgentNode agent;

  @BeforeAll
  static void start() throws Exception {
    // A port without a listener, so that runs end soon.
    agent =
        new AgentNode(
            "agent.tools.rag.url = \"%s\", agent.tools.test-generator.url = \"%s\", agent.tools.retry-delay = 1ms"
                .formatted(RawServer.nobody(), RawServer.nobody()));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
  }

  @Test
  void a503ToARunSaysThatItMayHaveStartedAndTheSameKeyTells() throws Exception {
    CountDownLatch release = agent.hold("slow");
    String body = "{\"question\":\"Why?\",\"session_id\":\"slow\"}";
    String sessionless = "{\"question\":\"Why?\",\"num_questions\":3}";
    List<Answer> late = new ArrayList<>();
    Answer cancel;
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Answer>> requests =
          List.of(
              () -> agent.run(body, "Idempotency-Key", "k-1"),
              () -> agent.run(body, "Idempotency-Key", "k-1"),
              () -> agent.post("/api/agent/run?wait=1", body, "Idempotency-Key", "k-1"),
              () -> agent.post("/api/agent/run?wait=60", body, "Idempotency-Key", "k-1"));
      for (Future<Answer> answer : pool.invokeAll(requests)) {
        late.add(answer.get(60, TimeUnit.SECONDS));
      }
      Future<Answer> again = pool.submit(() -> agent.run(body, "Idempotency-Key", "k-1"));
      cancel = agent.post("/api/agent/cancel", "{\"session_id\":\"slow\"}");
      late.add(again.get(60, TimeUnit.SECONDS));
    }
    release.countDown();

    Set<String> runs = new HashSet<>();
    for (Answer answer : late) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.json().path("may_have_started").asBoolean()).isTrue();
      assertThat(answer.text("session_id")).isEqualTo("slow");
      assertThat(answer.header("Retry-After")).isNotEmpty();
      runs.add(answer.text("run_id"));
    }
    assertThat(runs).hasSize(1);
    assertThat(cancel.status()).isEqualTo(503);
    assertThat(cancel.text("detail")).contains("may be done all the same");
    // Now it answers.
    Answer told = agent.run(body, "Idempotency-Key", "k-1");
    assertThat(told.status()).isEqualTo(202);
    assertThat(runs).containsExactly(told.text("run_id"));
    agent.awaitEnd(told.text("run_id"));
    assertThat(agent.steps(told.text("run_id"))).containsOnlyOnce("intent_determined");
    assertThat(agent.get("/api/agent/sessions/slow").json().at("/last_run/run_id").asText())
        .isEqualTo(told.text("run_id"));
    // Without a key, or with one that is not kept waiting, every run is another one.
    Answer other = agent.run(sessionless, "Idempotency-Key", "k-1");
    assertThat(other.status()).isEqualTo(202);
    assertThat(other.text("run_id")).isNotEqualTo(told.text("run_id"));
  }

  @Test
  void onlyWhatIsUnansweredIsRemembered() {
    UnansweredStarts starts = new UnansweredStarts();
    String first = starts.begin("a", "k");
    assertThat(starts.begin("a", "k")).isEqualTo(first);
    assertThat(starts.begin("b", "k")).isNotEqualTo(first);
    assertThat(starts.begin("a", "l")).isNotEqualTo(first);
    assertThat(starts.begin("a", null)).isNotEqualTo(starts.begin("a", null));
    starts.end("a", "k");
    assertThat(starts.begin("a", "k")).isEqualTo(first);
    starts.end("a", "k");
    starts.end("a", "k");
    assertThat(starts.begin("a", "k")).isNotEqualTo(first);
    for (String[] end : new String[][] {{"a", "k"}, {"a", "l"}, {"b", "k"}}) {
      starts.end(end[0], end[1]);
    }
    starts.end("a", null);
    starts.end("never", "begun");
    assertThat(starts.size()).isZero();
  }
}
