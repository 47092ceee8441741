package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a running system shows of itself.
@Tag("wire")
class MetricsTest {

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start("webui.room.history-size", 4);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void runsToolsAndDeliveriesAreCounted() {
    stack.run("counted", "What is a rock?");
    stack.untilEnded("counted", 1);

    Map<String, Double> page = page(stack.agent(), "run_duration_seconds_count{status=\"succ");
    assertThat(page.get("agentrooms_run_duration_seconds_count{status=\"succeeded\"}"))
        .isPositive();
    assertThat(page.get("agentrooms_step_duration_seconds_count{step=\"start_retrieval\"}"))
        .isPositive();
    assertThat(
            page.get(
                "agentrooms_tool_duration_seconds_count{outcome=\"succeeded\",tool=\"rag_answer\"}"))
        .isPositive();
    assertThat(page.get("agentrooms_sessions")).isPositive();
    assertThat(page.get("agentrooms_runs_running")).isNotNull();
    assertThat(
            Stack.await(
                () -> page(stack.agent()).get("agentrooms_outbox_depth"), depth -> depth == 0))
        .isZero();
  }

  @Test
  void eachServerShowsItsOwnMetersAndTheJvms() {
    Map<String, Double> agent = page(stack.agent());
    Map<String, Double> webUi = page(stack.webUi());

    assertThat(agent).containsKey("agentrooms_runs_running").doesNotContainKey("agentrooms_rooms");
    assertThat(webUi).containsKey("agentrooms_rooms").doesNotContainKey("agentrooms_runs_running");
    for (Map<String, Double> page : List.of(agent, webUi)) {
      assertThat(page.keySet())
          .contains("jvm_threads_live_threads", "agentrooms_dispatcher_queued")
          .anyMatch(name -> name.startsWith("jvm_memory_used_bytes"));
      assertThat(page.get("jvm_threads_live_threads")).isPositive();
    }
    Stack.await(
        () -> page(stack.webUi()).get("agentrooms_dispatcher_delay_seconds_count"),
        probes -> probes > 0);
  }

  @Test
  void socketsSubscribersAndResumesComeAndGo() {
    double deliveredBefore = webUi("agentrooms_deliveries_total{over=\"socket\"}");
    double resumedBefore = webUi("agentrooms_resumes_total{recovered=\"true\"}");
    double lostBefore = webUi("agentrooms_resumes_total{recovered=\"false\"}");
    try (Watcher watcher = Watcher.of(stack, "seen")) {
      awaitWebUi("agentrooms_watchers{over=\"socket\"}", 1);
      awaitWebUi("agentrooms_subscribers", 1);

      stack.run("seen", "Create a quiz about rocks");
      watcher.untilEnded(1);
      awaitWebUi("agentrooms_deliveries_total{over=\"socket\"}", deliveredBefore + 6);
      assertThat(webUi("agentrooms_evictions_total")).isGreaterThanOrEqualTo(2);

      // Six events, of which four are kept.
      resume(watcher, 5);
      awaitWebUi("agentrooms_resumes_total{recovered=\"true\"}", resumedBefore + 1);
      resume(watcher, 1);
      awaitWebUi("agentrooms_resumes_total{recovered=\"false\"}", lostBefore + 1);
      awaitWebUi("agentrooms_subscribers", 1);
    }
    awaitWebUi("agentrooms_watchers{over=\"socket\"}", 0);
    awaitWebUi("agentrooms_subscribers", 0);
  }

  @Test
  void refusalsAreCountedByTheirReason() {
    String busy = "agentrooms_runs_refused_total{reason=\"busy\"}";
    double before = page(stack.agent()).getOrDefault(busy, 0.0);
    stack.run("refused", "Create a quiz about rocks [rag:slow]");
    stack.post(stack.agent() + "/api/agent/run", Stack.question("refused", "Another"));
    stack.get(stack.webUi() + "/ws");

    Stack.await(
        () -> page(stack.agent()).getOrDefault(busy, 0.0), refused -> refused == before + 1);
    Stack.await(() -> webUi("agentrooms_handshakes_total{status=\"426\"}"), count -> count > 0);
  }

  @Test
  void pageIsInPrometheusTextFormat() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(stack.agent() + "/metrics")).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(answer.body()).contains("# TYPE agentrooms_run_duration_seconds histogram");
    }
  }

  private static void resume(Watcher watcher, int after) {
    int told = watcher.received().size();
    watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"seen\",\"after\":" + after + "}");
    watcher.await(
        all ->
            all.stream()
                .skip(told)
                .anyMatch(message -> message.path("type").asText().equals("subscribed")));
  }

  private static void awaitWebUi(String series, double value) {
    Stack.await(() -> webUi(series), now -> now == value);
  }

  private static double webUi(String series) {
    Double value = page(stack.webUi()).get(series);
    if (value == null) {
      throw new AssertionError("no " + series);
    }
    return value;
  }

  /// The page once one of its series that begins so is no longer zero.
  private static Map<String, Double> page(String server, String series) {
    return Stack.await(
        () -> page(server),
        page ->
            page.entrySet().stream()
                .anyMatch(e -> e.getKey().contains(series) && e.getValue() > 0));
  }

  private static Map<String, Double> page(String server) {
    return page(stack, server);
  }

  /// Every series of `/metrics` and its value.
  static Map<String, Double> page(Stack of, String server) {
    Map<String, Double> page = new HashMap<>();
    String text = new String(of.get(server + "/metrics").response().body(), UTF_8);
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              page.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return page;
  }
}
