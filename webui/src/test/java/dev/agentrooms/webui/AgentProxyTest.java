package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("wire")
@Timeout(300)
class AgentProxyTest {

  private static final String SECRET = "a secret of at least thirty-two bytes";
  private static final String FIRST_EVENT =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Cache-Control: no-store\r
      Transfer-Encoding: chunked\r
      \r
      7\r
      id: 3

      \r
      """;

  private static final AtomicReference<String> ASKED = new AtomicReference<>("nothing");

  private static HttpServer agent;
  private static TestWebUi webUi;

  @BeforeAll
  static void start() throws IOException {
    agent = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    agent.createContext("/", AgentProxyTest::answer);
    agent.start();
    webUi =
        TestWebUi.start(
            "webui.agent-url = \"http://127.0.0.1:" + agent.getAddress().getPort() + "\"");
  }

  @AfterAll
  static void stop() {
    webUi.close();
    agent.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      ASKED.set(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + headers.getFirst("Content-Type")
              + " "
              + headers.getFirst("Idempotency-Key")
              + " "
              + headers.getFirst("Cookie")
              + " "
              + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      if (exchange.getRequestMethod().equals("DELETE")) {
        exchange.sendResponseHeaders(204, -1);
        return;
      }
      byte[] body = "{\"status\":\"accepted\"}".getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.getResponseHeaders().add("Location", "/api/agent/sessions/quiz1/runs/r-1");
      exchange.getResponseHeaders().add("Set-Cookie", "a=b");
      exchange.sendResponseHeaders(
          exchange.getRequestURI().getPath().endsWith("run") ? 202 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void aRunIsPassedOnAndItsAnswerBack() throws Exception {
    var answer =
        webUi.send(
            webUi
                .request("/api/agent/run?wait=3")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k-1")
                .header("Cookie", "secret=1")
                .POST(BodyPublishers.ofString("{\"question\":\"Зачем?\"}")));

    assertThat(ASKED)
        .hasValue("POST /api/agent/run?wait=3 application/json k-1 null {\"question\":\"Зачем?\"}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"status\":\"accepted\"}");
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("location"))
        .hasValue("/api/agent/sessions/quiz1/runs/r-1");
    assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/agent/sessions?limit=3&search=x%20y",
    "GET, /api/agent/sessions/quiz1",
    "GET, /api/agent/sessions/quiz1/runs/r-1",
    "GET, /api/agent/sessions/quiz1/runs/r-1/events?after=3&limit=2",
    "GET, /api/agent/sessions/quiz1/messages?limit=3&after=2",
    "POST, /api/agent/cancel?wait=3",
    "DELETE, /api/agent/sessions/quiz1",
    "POST, /api/agent/cancel",
  })
  void itsOtherResourcesAreToo(String method, String path) throws Exception {
    var answer = webUi.send(webUi.request(path).method(method, BodyPublishers.noBody()));

    assertThat(ASKED.get()).startsWith(method + " " + path + " ");
    assertThat(answer.statusCode()).isEqualTo(method.equals("DELETE") ? 204 : 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/agent/sessions/a%20b",
        "/api/agent/sessions/..%2fetc",
        "/api/agent/sessions/quiz1/runs/.r",
        "/api/agent/sessions/quiz1/runs/.r/events",
        "/api/agent/sessions/a%20b/runs/r-1/events",
        "/api/agent/sessions/a%20b/messages",
      })
  void aBadIdIsNotPassedOn(String path) throws Exception {
    ASKED.set("nothing");

    assertThat(webUi.get(path).statusCode()).isEqualTo(400);
    assertThat(ASKED).hasValue("nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/agent", "/api/agent/secret", "/api/agent/sessions/a/b/c"})
  void whatTheAgentDoesNotOfferIsNotPassedOn(String path) throws Exception {
    ASKED.set("nothing");

    assertThat(webUi.get(path).statusCode()).isEqualTo(404);
    assertThat(ASKED).hasValue("nothing");
  }

  @Test
  void anEventStreamIsPassedOnAsItComesAndClosedWhenItsReaderGoes() throws Exception {
    try (var agentSocket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var passing =
            TestWebUi.start(
                "webui.agent-url = \"http://127.0.0.1:" + agentSocket.getLocalPort() + "\"")) {
      var reading =
          passing.sendLive(
              passing
                  .request("/api/agent/sessions/quiz1/runs/r-1/events?after=1")
                  .header("Accept", "text/event-stream")
                  .header("Last-Event-ID", "2"));
      try (var agent = agentSocket.accept()) {
        assertThat(head(agent).toLowerCase(Locale.ROOT))
            .contains("get /api/agent/sessions/quiz1/runs/r-1/events?after=1 ")
            .contains("\r\naccept: text/event-stream\r\n")
            .contains("\r\nlast-event-id: 2\r\n");
        agent.getOutputStream().write(FIRST_EVENT.getBytes(UTF_8));
        var answer = reading.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse(""))
            .startsWith("text/event-stream");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        try (var body = answer.body()) {
          assertThat(new String(body.readNBytes(5), UTF_8)).isEqualTo("id: 3");
        }
        assertThat(agent.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void anEventStreamEndsWithItsToken() throws Exception {
    try (var agentSocket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var passing =
            TestWebUi.start(
                "webui.agent-url = \"http://127.0.0.1:%s\", webui.room-token-secret = \"%s\""
                    .formatted(agentSocket.getLocalPort(), SECRET))) {
      String token =
          Tokens.of(SECRET, InstantSource.system())
              .link("quiz1", Scope.WATCH, null, Instant.now().plusSeconds(5));
      var reading =
          passing.sendLive(
              passing
                  .request("/api/agent/sessions/quiz1/runs/r-1/events?token=" + token)
                  .header("Accept", "text/event-stream"));
      try (var agent = agentSocket.accept()) {
        assertThat(head(agent)).doesNotContain("token");
        agent.getOutputStream().write(FIRST_EVENT.getBytes(UTF_8));
        try (var body = reading.get(60, TimeUnit.SECONDS).body()) {
          assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("id: 3\n\n");
        }
        assertThat(agent.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aServerThatStopsEndsTheEventStreamsThatItPassesOn() throws Exception {
    try (var agentSocket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var passing =
            TestWebUi.start(
                "webui.agent-url = \"http://127.0.0.1:" + agentSocket.getLocalPort() + "\"")) {
      var reading =
          passing.sendLive(
              passing
                  .request("/api/agent/sessions/quiz1/runs/r-1/events")
                  .header("Accept", "text/event-stream"));
      try (var agent = agentSocket.accept()) {
        head(agent);
        agent.getOutputStream().write(FIRST_EVENT.getBytes(UTF_8));
        try (var body = reading.get(60, TimeUnit.SECONDS).body()) {
          assertThat(new String(body.readNBytes(7), UTF_8)).isEqualTo("id: 3\n\n");
          passing.awaitConnections(1);
          var stopped = passing.stop();
          assertThat(body.readAllBytes()).isEmpty();
          stopped.toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
      }
    }
  }

  private static String head(Socket agent) throws IOException {
    agent.setSoTimeout(60_000);
    var asked = new StringBuilder();
    while (!asked.toString().endsWith("\r\n\r\n")) {
      asked.append((char) agent.getInputStream().read());
    }
    return asked.toString();
  }

  @Test
  void aLargeBodyIsRefused() throws Exception {
    ASKED.set("nothing");
    var answer =
        webUi.send(
            webUi
                .request("/api/agent/run")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("x".repeat(64 * 1024 + 1))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(ASKED).hasValue("nothing");
  }

  @Test
  void withoutAnAgentItIsABadGateway() throws Exception {
    try (var alone = TestWebUi.start("webui.agent-url = \"http://127.0.0.1:1\"")) {
      var answer = alone.get("/api/agent/sessions");

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 202 Accepted\r\nContent-Le", "no HTTP at all\r\n\r\n"})
  void whereItIsLostMidwayTheAnswerSaysWhatMayHaveHappened(String said) throws Exception {
    try (var listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var lost =
            TestWebUi.start(
                "webui.agent-url = \"http://127.0.0.1:" + listening.getLocalPort() + "\"")) {
      for (String path : new String[] {"/api/agent/run", "/api/agent/cancel"}) {
        var accepting =
            CompletableFuture.runAsync(
                () -> {
                  try (var socket = listening.accept()) {
                    socket.getInputStream().readNBytes(40);
                    socket.getOutputStream().write(said.getBytes(UTF_8));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                // The common pool has other things to do.
                task -> Thread.ofVirtual().start(task));
        var answer =
            lost.send(
                lost.request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
        accepting.get(60, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("may be done all the same");
        assertThat(answer.body().contains("\"may_have_started\":true"))
            .isEqualTo(path.endsWith("run"));
      }
    }
  }

  @Test
  void aRefusedConnectionMeansThatNothingWasStarted() throws Exception {
    try (var alone = TestWebUi.start("webui.agent-url = \"http://127.0.0.1:1\"")) {
      var answer =
          alone.send(
              alone
                  .request("/api/agent/run")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")));

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("cannot be reached").doesNotContain("may_have_started");
    }
  }
}
