package dev.agentrooms.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A follower and a server that disconnects, loses history or falls silent.
@Tag("wire")
class FollowerTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  /// One that nothing but its end keeps from waiting.
  private static final Follower.Patience CALM = patience(LONG, SHORT, LONG);

  private static Follower.Patience patience(Duration silence, Duration grace, Duration outage) {
    return new Follower.Patience(
        Duration.ofMillis(5), silence, grace, Duration.ofMillis(10), Duration.ofMillis(40), outage);
  }

  private static final String HANGS = "hangs";

  /// What the event stream answers, connection by connection; the last one for ever.
  private final ConcurrentLinkedQueue<String> streams = new ConcurrentLinkedQueue<>();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Recorded screen = new Recorded();
  private final List<JsonNode> waiting = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile String run = "{\"status\":\"running\"}";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/events", this::stream);
    server.createContext("/api/agent/sessions/s/runs/r", this::run);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private Outcome follow() {
    return follow(CALM);
  }

  private Outcome follow(Follower.Patience patience) {
    Client client = Client.of("http://127.0.0.1:" + server.getAddress().getPort(), null);
    return new Follower(client, "s", "r", EventStream.START, screen, patience, waiting::add)
        .follow();
  }

  @Test
  void resumesBehindTheLastEventThatItSaw() {
    streams.add(":\n\n" + event(1, "one") + event(2, "two"));
    streams.add(":\n\n" + event(3, "final_answer"));

    assertThat(follow().status()).isEqualTo("succeeded");
    assertThat(screen.steps()).containsExactly("one", "two", "final_answer");
    assertThat(asked).containsExactly("after=0", "k3:2");
    assertThat(screen.notices)
        .containsExactly("The connection is lost. Trying again.", "Connected again.");
  }

  @Test
  void eventThatIsCutInTheMiddleIsReadAgainWhole() {
    String whole = event(1, "one");
    streams.add(whole.substring(0, whole.length() - 5));
    streams.add(whole + event(2, "final_answer"));

    follow();
    assertThat(screen.steps()).containsExactly("one", "final_answer");
    assertThat(asked).containsExactly("after=0", "after=0");
  }

  @Test
  void lostHistoryIsSaid() {
    streams.add(event(1, "one"));
    streams.add(
        "event: reset\ndata: {\"epoch\":\"k4\",\"first_seq\":1}\n\n" + event(1, "final_answer"));

    follow();
    assertThat(screen.notices).anyMatch(notice -> notice.contains("Some events are lost"));
  }

  @Test
  void aRunThatAsksIsSaidOnce() {
    streams.add(event(1, "input_required") + HANGS);
    streams.add(event(2, "final_answer"));

    follow(patience(Duration.ofSeconds(1), SHORT, LONG));
    assertThat(waiting)
        .extracting(each -> each.path("step").asText())
        .containsOnly("input_required");
    assertThat(waiting).hasSize(1);
  }

  @Test
  void streamThatFallsSilentIsGivenUp() {
    streams.add(event(1, "one") + HANGS);
    streams.add(event(2, "final_answer"));

    follow(patience(Duration.ofSeconds(1), SHORT, LONG));
    assertThat(screen.steps()).containsExactly("one", "final_answer");
  }

  @Test
  void runWhoseLastEventIsLostEndsAllTheSame() {
    run = "{\"status\":\"failed\",\"error\":\"x\"}";
    streams.add(":\n\n" + HANGS);

    assertThat(follow().exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(screen.notices).containsExactly("The run has ended; its last event is lost.");
  }

  @Test
  void runThatTheAgentHasForgottenIsGone() {
    run = "";
    streams.add(":\n\n" + HANGS);

    assertThatThrownBy(this::follow)
        .isInstanceOfSatisfying(
            CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessageContaining("run r is gone");
  }

  @Test
  void resultTooLongForAnEventIsFetchedFromTheRun() {
    run = "{\"status\":\"succeeded\",\"result\":{\"answer\":\"long\"}}";
    streams.add(
        "id: k3:1\nevent: progress\ndata: {\"run_id\":\"r\",\"step\":\"final_answer\","
            + "\"meta\":{\"status\":\"succeeded\",\"result_url\":\"/x\"}}\n\n");

    assertThat(follow().result().path("answer").asText()).isEqualTo("long");
  }

  @Test
  void serverThatStaysAwayIsGivenUpAsUnreachable() {
    streams.add(event(1, "one"));
    streams.add("");
    screen.onNotice = () -> server.stop(0);

    assertThatThrownBy(() -> follow(patience(LONG, SHORT, SHORT)))
        .isInstanceOfSatisfying(
            CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNUSABLE));
  }

  private static String event(int seq, String step) {
    JsonNode event = Json.object().put("run_id", "r").put("step", step);
    if (step.equals("final_answer")) {
      ((com.fasterxml.jackson.databind.node.ObjectNode) event)
          .putObject("meta")
          .put("status", "succeeded");
    }
    return "id: k3:" + seq + "\nevent: progress\ndata: " + event + "\n\n";
  }

  private void stream(HttpExchange exchange) throws IOException {
    String from = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    asked.add(
        from == null ? exchange.getRequestURI().getQuery().replace("session_id=s&", "") : from);
    String all = streams.size() > 1 ? streams.poll() : streams.peek();
    String text = all == null ? "" : all;
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(text.replace(HANGS, "").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
    if (text.endsWith(HANGS)) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.close();
  }

  private void run(HttpExchange exchange) throws IOException {
    byte[] body = run.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static final class Recorded implements Screen {

    final List<JsonNode> events = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    Runnable onNotice = () -> {};

    @Override
    public void event(JsonNode event) {
      events.add(event);
    }

    @Override
    public void notice(String text) {
      notices.add(text);
      onNotice.run();
    }

    @Override
    public void result(Outcome outcome) {
      throw new AssertionError("a follower shows no result");
    }

    List<String> steps() {
      return events.stream().map(event -> event.path("step").asText()).toList();
    }
  }
}
