package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.store.PostgresServer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three nodes behind a load balancer are restarted one after the other, and nobody who asks
/// meanwhile is told of it.
@Tag("process")
class RollingRestartTest {

  private static final int ASKING = 4;

  @Test
  void nobodyWhoAsksMeanwhileGetsAnErrorAndEveryRunEndsOnce() throws Exception {
    Assumptions.assumeTrue(Haproxy.isInstalled(), "HAProxy is not installed; ci/haproxy does it");
    try (PostgresServer server = PostgresServer.start();
        TestTool tool = TestTool.after(150);
        NodeProcesses nodes =
            new NodeProcesses(
                server,
                3,
                Map.of(
                    "AGENT_SHUTDOWN_GRACE", "1s",
                    "AGENT_RAG_URL", tool.url(),
                    "AGENT_TEST_GENERATOR_URL", tool.url()))) {
      nodes.startAll();
      try (Haproxy balancer = Haproxy.before(nodes);
          ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < ASKING; i++) {
          all.add(
              asking.submit(
                  () -> {
                    while (!isOver.get()) {
                      String session = "s" + number.incrementAndGet();
                      ask(balancer.client(), session, errors);
                      asked.add(session);
                      LockSupport.parkNanos(300_000_000L);
                    }
                  }));
        }
        for (int node = 0; node < 3; node++) {
          nodes.process(node).terminate();
          assertThat(nodes.process(node).exitCode()).as(nodes.log(node)).isZero();
          nodes.start(node);
          nodes.awaitMembers(node, 3);
        }
        isOver.set(true);
        for (Future<?> each : all) {
          each.get();
        }

        assertThat(errors).isEmpty();
        for (String session : asked) {
          List<JsonNode> events = balancer.client().untilEnded(session, 1);
          assertThat(events.getLast().path("meta").path("status").asText())
              .as(session)
              .isEqualTo("succeeded");
          assertThat(events.stream().filter(Stack::isTerminal)).as(session).hasSize(1);
          assertThat(Stack.seqs(events))
              .as(session)
              .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
        }
        System.out.printf("rolling restart: %d runs, no error%n", asked.size());
      }
    }
  }

  private static void ask(Stack client, String session, ConcurrentLinkedQueue<String> errors) {
    try {
      Stack.Answer run =
          client.post(
              client.webUi() + "/api/agent/run",
              Stack.question(session, "Create a quiz about time"));
      Stack.Answer list = client.get(client.agent() + "/api/agent/sessions?limit=1");
      if (run.status() != 202 || list.status() != 200) {
        errors.add(session + ": " + run.status() + " " + run.json() + ", " + list.status());
      }
    } catch (UncheckedIOException e) {
      errors.add(session + ": " + e);
    }
  }
}
