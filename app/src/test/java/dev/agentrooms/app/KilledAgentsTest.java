package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.tools.model.ModelStub;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed (`kill -9`) while a person's answer, a model or an agent elsewhere is
/// under way. Afterwards each run has ended once, a person's word that was accepted counts, and
/// what was approved was sent and nothing else.
@Tag("process")
class KilledAgentsTest {

  private static final int KILLS = Stress.times(2);
  private static final int USERS = 4;
  private static final List<String> WORKFLOWS =
      List.of("reviewed", "reviewed", "draft", "far", "once");
  private static final String FILE =
      """
      tools {
        fetch { http { method = GET, url = "DESK/tickets/{{run_id}}" }, result = ticket }
        send {
          parameters { type = object, required = [text], properties { text { type = string } } }
          http { method = POST, url = "DESK/tickets/{{run_id}}/replies", body { text = "{{arguments.text}}" } }
          approve = true
        }
      }
      workflows {
        reviewed { steps = [
          { name = fetch, tool = fetch }
          { name = review, ask { prompt = "Send it?", value = "{{steps.fetch.text}}", edit = true } }
          { name = send, tool = send, with { text = "{{steps.review.value}}" } }
        ] }
        draft { steps = [ { name = draft, model { prompt = "{{question}}" } } ] }
        far { steps = [ { name = work, remote { url = "FAR", protocol = ndjson, on_crash = retry } } ] }
        once { steps = [ { name = work, remote { url = "FAR", protocol = ndjson } } ] }
      }
      """;

  /// What a person has said that was accepted.
  private record Said(String body, boolean isApproved, String text) {}

  @TempDir private Path folder;
  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Map<String, Object> ports = Stack.ports();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, String> asked = new ConcurrentSkipListMap<>();
  private final Map<String, Said> accepted = new ConcurrentHashMap<>();
  private final Map<String, Integer> fetchedBefore = new ConcurrentHashMap<>();
  private final List<AssertionError> violations = new CopyOnWriteArrayList<>();
  private Desk desk;
  private ModelStub model;
  private HttpServer far;
  private Stack stack;
  private @Nullable Spawned process;
  private volatile boolean isOver;

  @BeforeEach
  void open() throws IOException {
    desk = Desk.start();
    model =
        new ModelStub(
            e -> {
              e.begin();
              for (int i = 0; i < 20; i++) {
                e.token("word" + i + " ");
                LockSupport.parkNanos(5_000_000);
              }
              e.finish("stop");
              e.done();
            });
    far = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    far.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    far.createContext("/", KilledAgentsTest::work);
    far.start();
    Files.writeString(
        folder.resolve("agents.conf"),
        FILE.replace("DESK", desk.url())
            .replace("FAR", "http://127.0.0.1:" + far.getAddress().getPort() + "/work"));
    stack = client();
  }

  @AfterEach
  void close() throws Exception {
    kill();
    stack.close();
    desk.close();
    model.close();
    far.stop(0);
  }

  private static void work(HttpExchange exchange) throws IOException {
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 20; i++) {
        out.write("{\"delta\":\"piece%d \"}\n".formatted(i).getBytes(UTF_8));
        out.flush();
        LockSupport.parkNanos(5_000_000);
      }
      out.write("{\"result\":{\"done\":true}}\n".getBytes(UTF_8));
    }
  }

  private Stack client() {
    return Stack.running(port("agent.http.port"), port("webui.http.port"));
  }

  private int port(String key) {
    return Integer.parseInt(String.valueOf(ports.get(key)));
  }

  private void start() throws Exception {
    process =
        Spawned.jvm()
            .with(
                Map.of(
                    "STORE_KIND",
                    "file",
                    "STORE_DIR",
                    folder.resolve("data").toString(),
                    "AGENT_WORKFLOWS",
                    folder.resolve("agents.conf").toString(),
                    "AGENT_MODEL_URL",
                    model.uri().toString(),
                    "AGENT_MODEL",
                    "test-model",
                    "AGENT_SESSION_SLEEP_AFTER",
                    "200ms",
                    "AGENT_HTTP_PORT",
                    "" + port("agent.http.port"),
                    "WEBUI_HTTP_PORT",
                    "" + port("webui.http.port")))
            .main("up", "agent", "webui");
    stack.close();
    stack = client();
    Stack.await(this::isReady, ready -> ready);
  }

  private void kill() throws InterruptedException {
    if (process != null) {
      process.kill();
    }
  }

  private boolean isReady() {
    try {
      return stack.get(stack.agent() + "/health/ready").status() == 200;
    } catch (AssertionError | RuntimeException notYet) {
      return false;
    }
  }

  @Test
  void eachRunEndsOnceAndAPersonsWordCounts() throws Exception {
    System.out.printf("KilledAgentsTest: %d kills, seed %d%n", KILLS, seed);
    Random random = new Random(seed);
    for (int kills = 0; kills < KILLS; kills++) {
      start();
      List<Thread> users = begin();
      LockSupport.parkNanos(1_000_000L * random.nextInt(300, 1200));
      kill();
      end(users);
    }
    start();
    for (String run : asked.keySet()) {
      assertEnd(run);
    }
    assertThat(violations).as("seed %d", seed).isEmpty();
    System.out.printf(
        "%d runs, %d answers, %d requests to the model%n",
        asked.size(), accepted.size(), model.requests());
  }

  private List<Thread> begin() {
    isOver = false;
    List<Thread> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      Random random = new Random(seed + numbers.incrementAndGet());
      users.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!isOver) {
                      try {
                        use(random);
                      } catch (RuntimeException gone) {
                        // The server is.
                      } catch (AssertionError broken) {
                        violations.add(broken);
                      }
                      LockSupport.parkNanos(1_000_000L * random.nextInt(1, 40));
                    }
                  }));
    }
    return users;
  }

  private void end(List<Thread> users) throws InterruptedException {
    isOver = true;
    for (Thread user : users) {
      user.join();
    }
  }

  private void use(Random random) {
    List<String> waiting = asked.keySet().stream().filter(this::isUnanswered).toList();
    if (!waiting.isEmpty() && random.nextInt(3) > 0) {
      answer(waiting.get(random.nextInt(waiting.size())), random);
      return;
    }
    String workflow = WORKFLOWS.get(random.nextInt(WORKFLOWS.size()));
    String run = "r" + numbers.incrementAndGet();
    Stack.Answer answer =
        stack.post(
            stack.agent() + "/api/agent/run",
            "{\"session_id\":\"s-%1$s\",\"run_id\":\"%1$s\",\"question\":\"Go on\",\"workflow\":\"%2$s\"}"
                .formatted(run, workflow));
    if (answer.status() == 202) {
      asked.put(run, workflow);
    }
  }

  private boolean isUnanswered(String run) {
    return "reviewed".equals(asked.get(run)) && !accepted.containsKey(run);
  }

  private JsonNode resource(String run) {
    return stack.get(stack.agent() + "/api/agent/sessions/s-" + run + "/runs/" + run).json();
  }

  private void answer(String run, Random random) {
    if (!resource(run).path("status").asText().equals("waiting")) {
      return;
    }
    fetchedBefore.putIfAbsent(run, fetched(run));
    boolean isApproved = random.nextInt(4) > 0;
    String text = "Text for " + run + " " + random.nextInt(1000);
    String body =
        "{\"session_id\":\"s-%1$s\",\"run_id\":\"%1$s\",\"input_id\":\"%1$s.input.1\",%2$s}"
            .formatted(
                run,
                isApproved
                    ? "\"decision\":\"approve\",\"value\":\"" + text + "\""
                    : "\"decision\":\"reject\"");
    int status = stack.post(stack.agent() + "/api/agent/answer", body).status();
    if (status == 202) {
      Said before = accepted.put(run, new Said(body, isApproved, text));
      assertThat(before).as("%s, seed %d", run, seed).isNull();
    }
  }

  private int fetched(String run) {
    return Collections.frequency(desk.fetched, "/tickets/" + run);
  }

  private void assertEnd(String run) {
    String workflow = asked.getOrDefault(run, "");
    Random random = new Random(seed);
    if (workflow.equals("reviewed")) {
      Stack.await(
          () -> {
            answer(run, random);
            return resource(run);
          },
          found -> found.path("finished_at").isTextual());
    }
    JsonNode found = Stack.await(() -> resource(run), each -> each.path("finished_at").isTextual());
    List<JsonNode> events = new ArrayList<>();
    stack
        .get(stack.agent() + "/api/agent/sessions/s-" + run + "/runs/" + run + "/events")
        .json()
        .path("events")
        .forEach(events::add);
    String told = "%s (%s), seed %d: %s".formatted(run, workflow, seed, Stack.steps(events));
    assertThat(events.stream().filter(Stack::isTerminal)).as(told).hasSize(1);
    assertThat(Stack.isTerminal(events.getLast())).as(told).isTrue();
    String reason = events.getLast().at("/meta/reason").asText("");
    String outcome = found.path("status").asText() + (reason.isEmpty() ? "" : " " + reason);
    if (isWornOut(events)) {
      assertThat(outcome).as(told).isEqualTo("failed interrupted");
      return;
    }
    switch (workflow) {
      case "draft", "far" -> assertThat(outcome).as(told).isEqualTo("succeeded");
      case "once" -> assertThat(outcome).as(told).isIn("succeeded", "failed unknown_outcome");
      default -> assertReviewed(run, told, events, outcome);
    }
  }

  /// Whether the server died in each of the five calls that a step may have.
  private static boolean isWornOut(List<JsonNode> events) {
    return events.stream()
        .filter(event -> event.at("/meta/reason").asText().equals("interrupted"))
        .filter(event -> event.path("step").asText().equals("tool_error"))
        .anyMatch(error -> restarts(events, error.at("/meta/call_id").asText()) == 4);
  }

  private static long restarts(List<JsonNode> events, String callId) {
    return events.stream()
        .filter(event -> event.at("/meta/reason").asText().equals("server_restarted"))
        .filter(event -> event.at("/meta/call_id").asText().equals(callId))
        .count();
  }

  private void assertReviewed(String run, String told, List<JsonNode> events, String outcome) {
    assertThat(Stack.steps(events)).as(told).containsOnlyOnce("input_required", "input_received");
    assertThat(fetched(run)).as(told).isEqualTo(fetchedBefore.get(run));
    Said said = accepted.get(run);
    List<String> replies =
        desk.replies.stream()
            .filter(reply -> (run + ".send.1").equals(reply.key()))
            .map(Desk.Reply::body)
            .toList();
    // A reply is sent once or, when nobody knows whether it was, not again.
    assertThat(replies).as(told).hasSize(outcome.equals("succeeded") ? 1 : replies.size());
    assertThat(replies).as(told).hasSizeLessThanOrEqualTo(1);
    assertThat(outcome).as(told).isIn("succeeded", "failed rejected", "failed unknown_outcome");
    if (said != null) {
      assertThat(stack.post(stack.agent() + "/api/agent/answer", said.body()).status())
          .as(told)
          .isEqualTo(200);
      assertThat(outcome.equals("failed rejected")).as(told).isEqualTo(!said.isApproved());
      assertThat(replies)
          .as(told)
          .allMatch(
              said.isApproved() ? ("{\"text\":\"" + said.text() + "\"}")::equals : _ -> false);
    }
  }
}
