package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.store.PostgresServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three nodes behind a load balancer are restarted one after the other, and nobody who asks
/// meanwhile is told of it.
@Tag("process")
class RollingRestartTest {

  private static final boolean IS_LONG = Stress.FACTOR > 1;
  private static final int ASKING = IS_LONG ? 20 : 4;
  // Each asks once in so long, or as soon as it was answered.
  private static final long PERIOD_NANOS = IS_LONG ? 1_000_000_000L : 300_000_000L;
  private static final int SESSIONS = IS_LONG ? 100 : 40;
  private static final int WATCHING = IS_LONG ? 200 : SESSIONS;

  private final AtomicInteger number = new AtomicInteger();
  private final Map<String, List<String>> asked = new ConcurrentHashMap<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);
  private Duration longestRun = Duration.ZERO;
  private final List<ReturningWatcher> watchers = new ArrayList<>();

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
                    "AGENT_SESSION_KEPT_RUNS", "1000",
                    "WEBUI_HISTORY_SIZE", "10000",
                    "AGENT_RAG_URL", tool.url(),
                    "AGENT_TEST_GENERATOR_URL", tool.url()))) {
      nodes.startAll();
      try (Haproxy balancer = Haproxy.before(nodes)) {
        for (int i = 0; i < WATCHING; i++) {
          watchers.add(new ReturningWatcher(balancer.client(), session(i)));
        }
        long begun = System.nanoTime();
        askWhile(balancer.client(), () -> restartAll(nodes));
        double seconds = (System.nanoTime() - begun) / 1e9;

        assertThat(errors).isEmpty();
        for (int i = 0; i < SESSIONS; i++) {
          assertRoom(balancer.client(), session(i));
        }
        System.out.printf(
            "rolling restart: %d runs, %.1f a second, answered within %d ms, ended within %d ms;"
                + " %d watchers, who came back %d times; no error%n",
            number.get(),
            number.get() / seconds,
            slowestNanos.get() / 1_000_000,
            longestRun.toMillis(),
            WATCHING,
            watchers.stream().mapToInt(ReturningWatcher::returns).sum());
      } finally {
        watchers.forEach(ReturningWatcher::close);
      }
    }
  }

  private static String session(int i) {
    return "s" + i % SESSIONS;
  }

  private static Void restartAll(NodeProcesses nodes) throws Exception {
    for (int node = 0; node < nodes.count(); node++) {
      nodes.process(node).terminate();
      assertThat(nodes.process(node).exitCode()).as(nodes.log(node)).isZero();
      nodes.start(node);
      nodes.awaitMembers(node, nodes.count());
    }
    return null;
  }

  private void askWhile(Stack client, Callable<Void> meanwhile) throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < ASKING; i++) {
        all.add(
            asking.submit(
                () -> {
                  while (!isOver.get()) {
                    long begun = System.nanoTime();
                    ask(client, session(number.getAndIncrement()));
                    long took = System.nanoTime() - begun;
                    slowestNanos.accumulate(took);
                    LockSupport.parkNanos(PERIOD_NANOS - took);
                  }
                }));
      }
      try {
        meanwhile.call();
      } finally {
        isOver.set(true);
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private void ask(Stack client, String session) {
    try {
      Stack.Answer run =
          client.post(
              client.webUi() + "/api/agent/run",
              Stack.question(session, "Create a quiz about time", "\"on_busy\":\"enqueue\""));
      Stack.Answer list = client.get(client.agent() + "/api/agent/sessions?limit=1");
      if (run.status() != 202 || list.status() != 200) {
        errors.add(session + ": " + run.status() + " " + run.json() + ", " + list.status());
      } else {
        asked
            .computeIfAbsent(session, any -> new CopyOnWriteArrayList<>())
            .add(run.json().path("run_id").asText());
      }
    } catch (UncheckedIOException e) {
      errors.add(session + ": " + e);
    }
  }

  private void assertRoom(Stack client, String session) throws InterruptedException {
    List<String> runs = asked.getOrDefault(session, List.of());
    List<JsonNode> events = client.untilEnded(session, runs.size());
    assertThat(Stack.seqs(events))
        .as(session)
        .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
    List<JsonNode> ends = events.stream().filter(Stack::isTerminal).toList();
    assertThat(ends)
        .as(session)
        .allMatch(end -> end.path("meta").path("status").asText().equals("succeeded"))
        .extracting(end -> end.path("run_id").asText())
        .containsExactlyInAnyOrderElementsOf(runs);
    Map<String, Instant> begun = new HashMap<>();
    for (JsonNode event : events) {
      Instant at = Instant.parse(event.path("ts").asText());
      Instant first = begun.computeIfAbsent(event.path("run_id").asText(), any -> at);
      Duration took = Duration.between(first, at);
      longestRun = took.compareTo(longestRun) > 0 ? took : longestRun;
    }
    for (int i = 0; i < WATCHING; i++) {
      if (session(i).equals(session)) {
        assertThat(Stack.seqs(watchers.get(i).left(events.size())))
            .as("a watcher of %s", session)
            .isEqualTo(Stack.seqs(events));
      }
    }
  }
}
