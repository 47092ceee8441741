package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real requests, answers and messages, validated against the API documents; and every documented
/// answer is seen.
@Tag("wire")
class ContractTest {

  private static final String EVENT =
      """
      {"event_id":"%s","ts":"2026-11-22T10:00:00Z","session_id":"%s","step":"compiled"}\
      """;

  /// Answers that a client cannot provoke.
  private static final Set<String> UNSEEN = Set.of("500", "503", "408");

  private static final Contract CONTRACT = new Contract();
  @TempDir private static Path folder;
  private static Stack stack;
  private static TestTool stuck;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    stuck = TestTool.stuck();
    stack =
        Stack.start(
            "internal-token",
            "secret",
            "agent.runs.max-concurrent",
            1,
            "agent.runs.max-queued",
            1,
            "agent.tools.test-generator.url",
            stuck.url());
    client = new ContractCheckingClient(HttpClient.newHttpClient(), CONTRACT);
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    stack.close();
    stuck.close();
  }

  @Test
  void everyPromisedAnswerIsGivenAsDocumented() throws Exception {
    runs();
    cancels();
    sessions();
    progress();
    deltas();
    messages();
    notes();
    answers();
    links();
    operations();
    stream();
    socket();
    page();
    durableStreams();
    withTokens();
    withoutAnAgent();

    Set<String> promised = new TreeSet<>();
    eachOperation(
        (path, method, operation) ->
            operation
                .path("responses")
                .properties()
                .forEach(answer -> promised.add(method + " " + path + " " + answer.getKey())));
    promised.removeIf(answer -> UNSEEN.contains(answer.substring(answer.length() - 3)));
    // The JDK's client does not let a test spoil a handshake, nor see the answer to a good one.
    promised.removeAll(Set.of("GET /ws 101", "GET /ws 400", "GET /ws 403"));
    promised.removeAll(CONTRACT.seen());
    assertThat(promised).as("documented and never seen").isEmpty();
    assertThat(CONTRACT.seen())
        .contains(
            "socket subscribed",
            "socket unsubscribed",
            "socket pong",
            "socket error",
            "socket progress",
            "socket delta",
            "stream progress",
            "stream reset");
  }

  @Test
  void everyDocumentedRouteIsThereAndNowhereElse() {
    eachOperation(
        (path, method, operation) -> {
          List<String> servers = new ArrayList<>();
          operation.path("x-servers").forEach(server -> servers.add(server.asText()));
          for (String server : List.of("agent", "webui")) {
            String url =
                (server.equals("agent") ? stack.agent() : stack.webUi())
                    + path.replace("{file}", "page.css").replaceAll("\\{[^}]*}", "nobody");
            HttpResponse<byte[]> answer = sendUnchecked(method, url);
            boolean isThere =
                answer.statusCode() != 405
                    && !(answer.statusCode() == 404
                        && Json.parse(answer.body()).path("title").asText().equals("Not found"));
            assertThat(isThere)
                .as(server + " " + method + " " + path + " → " + answer.statusCode())
                .isEqualTo(servers.contains(server));
          }
        });
  }

  @Test
  void bothServersHandOutBothDocuments() {
    for (String server : List.of(stack.agent(), stack.webUi())) {
      assertThat(stack.get(server + "/openapi.json").json())
          .isEqualTo(CONTRACT.documents().openApi());
      assertThat(stack.get(server + "/asyncapi.json").json())
          .isEqualTo(CONTRACT.documents().asyncApi());
    }
  }

  @Test
  void exchangeThatIsNotDocumentedFailsTheTestThatCausedIt() {
    HttpResponse<byte[]> health = send("GET", stack.agent() + "/health", null);
    URI uri = URI.create("http://x/api/agent/sessions");

    for (String faulty :
        List.of("{}", "{\"sessions\":[{}]}", "{\"sessions\":[],\"more\":1}", "[]")) {
      assertThatThrownBy(() -> CONTRACT.check(answered(health, uri, 200, faulty)))
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(() -> CONTRACT.check(answered(health, uri, 418, "{\"sessions\":[]}")))
        .hasMessageContaining("status");
    assertThatThrownBy(
            () -> CONTRACT.check(answered(health, URI.create("http://x/api/more"), 200, "{}")))
        .hasMessageContaining("documents");
    CONTRACT.check(answered(health, uri, 200, "{\"sessions\":[]}"));
    assertThatThrownBy(() -> CONTRACT.checkMessage(Json.object().put("type", "hello")))
        .isInstanceOf(AssertionError.class);
  }

  private void runs() throws Exception {
    String run = "/api/agent/run";
    String first = "{\"session_id\":\"c1\",\"question\":\"Create a quiz about rocks\"}";
    assertThat(post(run, first, "Idempotency-Key", "k1").statusCode()).isEqualTo(202);
    assertThat(post(run, first, "Idempotency-Key", "k1").statusCode()).isEqualTo(202);
    assertThat(
            post(run, "{\"session_id\":\"c1\",\"question\":\"?\"}", "Idempotency-Key", "k1")
                .statusCode())
        .isEqualTo(422);
    assertThat(stuck.called.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(post(run, first).statusCode()).isEqualTo(409);
    HttpResponse<byte[]> queued =
        post(
            run,
            "{\"session_id\":\"c1\",\"question\":\"What is a rock?\",\"on_busy\":\"enqueue\"}");
    assertThat(Json.parse(queued.body()).path("status").asText()).isEqualTo("queued");
    assertThat(post(run, "{\"session_id\":\"c2\",\"question\":\"What is a rock?\"}").statusCode())
        .isEqualTo(429);
    assertThat(post(run, "{\"question\":7}").statusCode()).isEqualTo(400);
    refusedBodies(run);
    get("/api/agent/sessions/c1");
    post("/api/agent/cancel", "{\"session_id\":\"c1\"}");
    HttpResponse<byte[]> done =
        post(
            run + "?wait=20",
            "{\"session_id\":\"c1\",\"question\":\"What is a rock?\",\"on_busy\":\"enqueue\"}",
            "X-Correlation-Id",
            "ticket-7",
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.headers().firstValue("X-Correlation-Id")).contains("ticket-7");
    // There is one form of the answer, and what was asked for is done: whatever Accept says.
    assertThat(
            send("POST", stack.agent() + run, "{\"question\":\"?\"}", "Accept", "text/plain")
                .statusCode())
        .isEqualTo(202);
  }

  private void cancels() throws Exception {
    String cancel = "/api/agent/cancel";
    assertThat(post(cancel, "{\"session_id\":\"nobody\"}").statusCode()).isEqualTo(404);
    assertThat(post(cancel, "{\"session_id\":\"c1\",\"run_id\":\"nobody\"}").statusCode())
        .isEqualTo(404);
    assertThat(post(cancel, "{\"session_id\":\"c1\"}").statusCode()).isEqualTo(409);
    refusedBodies(cancel);
    String runId =
        Json.parse(
                post("/api/agent/run", "{\"session_id\":\"c3\",\"question\":\"Create a quiz\"}")
                    .body())
            .path("run_id")
            .asText();
    String both = "{\"session_id\":\"c3\",\"run_id\":\"" + runId + "\"}";
    assertThat(post(cancel, both).statusCode()).isEqualTo(202);
    Stack.await(() -> post(cancel, both).statusCode(), status -> status == 200);
  }

  private void sessions() {
    assertThat(send("GET", stack.agent() + "/api/agent/workflows", null).statusCode())
        .isEqualTo(200);
    assertThat(get("/api/agent/sessions?limit=1").statusCode()).isEqualTo(200);
    assertThat(get("/api/agent/sessions?limit=0").statusCode()).isEqualTo(400);
    assertThat(get("/api/agent/sessions/c1").statusCode()).isEqualTo(200);
    assertThat(get("/api/agent/sessions/nobody").statusCode()).isEqualTo(404);
    assertThat(get("/api/agent/sessions/-").statusCode()).isEqualTo(400);
    String runId = Json.parse(get("/api/agent/sessions/c1").body()).at("/last_run/run_id").asText();
    assertThat(get("/api/agent/sessions/c1/runs/" + runId).statusCode()).isEqualTo(200);
    assertThat(get("/api/agent/sessions/c1/runs/nobody").statusCode()).isEqualTo(404);
    assertThat(get("/api/agent/sessions/c1/runs/-").statusCode()).isEqualTo(400);
    conversation(runId);
    String opened = stack.agent() + "/api/agent/sessions/c9";
    assertThat(send("PUT", opened, null).statusCode()).isEqualTo(201);
    assertThat(send("PUT", opened, null).statusCode()).isEqualTo(200);
    assertThat(send("PUT", stack.agent() + "/api/agent/sessions/-", null).statusCode())
        .isEqualTo(400);
    names("/api/agent/sessions/c3");
    assertThat(delete("/api/agent/sessions/c3").statusCode()).isEqualTo(204);
    assertThat(delete("/api/agent/sessions/c3").statusCode()).isEqualTo(404);
    assertThat(delete("/api/agent/sessions/-").statusCode()).isEqualTo(400);
  }

  private void names(String path) {
    assertThat(patch(path, "{\"title\":\"Rocks\"}").statusCode()).isEqualTo(200);
    assertThat(patch(path, "{\"title\":7}").statusCode()).isEqualTo(400);
    assertThat(patch(path, "{}").statusCode()).isEqualTo(400);
    assertThat(patch(path, " ".repeat(1_100_000)).statusCode()).isEqualTo(413);
    assertThat(patch(path, "{}", "Content-Type", "text/plain").statusCode()).isEqualTo(415);
    assertThat(patch("/api/agent/sessions/nobody", "{\"title\":\"Rocks\"}").statusCode())
        .isEqualTo(404);
    assertThat(get("/api/agent/sessions?search=ROCKS").statusCode()).isEqualTo(200);
  }

  private static HttpResponse<byte[]> patch(String path, String json, String... headers) {
    return send("PATCH", stack.agent() + path, json, headers);
  }

  private void conversation(String runId) {
    String events = "/api/agent/sessions/c1/runs/" + runId + "/events";
    assertThat(get(events).statusCode()).isEqualTo(200);
    assertThat(get(events + "?after=1&limit=1").statusCode()).isEqualTo(200);
    assertThat(get(events + "?after=").statusCode()).isEqualTo(400);
    assertThat(get("/api/agent/sessions/c1/runs/nobody/events").statusCode()).isEqualTo(404);
    assertThat(get("/api/agent/sessions/c1/messages").statusCode()).isEqualTo(200);
    assertThat(get("/api/agent/sessions/c1/messages?limit=1&after=2").statusCode()).isEqualTo(200);
    assertThat(get("/api/agent/sessions/c1/messages?limit=0").statusCode()).isEqualTo(400);
    assertThat(get("/api/agent/sessions/nobody/messages").statusCode()).isEqualTo(404);
    // The run has ended, so that the stream does, through the web UI as well.
    for (String server : List.of(stack.agent(), stack.webUi())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + events))
              .header("Accept", "text/event-stream")
              .build();
      String stream = client.sendAsync(request, BodyHandlers.ofString()).join().body();
      int n = 0;
      for (String line : stream.lines().filter(each -> each.startsWith("id: ")).toList()) {
        assertThat(line).isEqualTo("id: " + ++n);
      }
      assertThat(n).isPositive();
      assertThat(stream).endsWith("\n\n").contains("\"step\":\"final_answer\"");
    }
  }

  private void progress() {
    String path = "/api/agent/progress";
    assertThat(post(path, EVENT.formatted("e1", "p1")).statusCode()).isEqualTo(401);
    assertThat(post(path, EVENT.formatted("e1", "p1"), "X-Internal-Token", "guess").statusCode())
        .isEqualTo(403);
    for (int i = 0; i < 2; i++) {
      assertThat(post(path, EVENT.formatted("e1", "p1"), "X-Internal-Token", "secret").statusCode())
          .isEqualTo(200);
    }
    refusedBodies(path, "X-Internal-Token", "secret");
  }

  private void deltas() {
    String path = "/api/agent/deltas";
    String delta =
        """
        {"session_id":"p2","run_id":"r1","part":"draft","offset":0,"text":"Plants"}\
        """;
    assertThat(
            post("/api/agent/progress", EVENT.formatted("e1", "p2"), "X-Internal-Token", "secret")
                .statusCode())
        .isEqualTo(200);
    assertThat(post(path, delta).statusCode()).isEqualTo(401);
    assertThat(post(path, delta, "X-Internal-Token", "guess").statusCode()).isEqualTo(403);
    assertThat(post(path, delta, "X-Internal-Token", "secret").statusCode()).isEqualTo(200);
    refusedBodies(path, "X-Internal-Token", "secret");
  }

  private void messages() {
    assertThat(get("/api/messages?session_id=c1").statusCode()).isEqualTo(200);
    assertThat(get("/api/messages?session_id=p1&after=0&limit=1").statusCode()).isEqualTo(200);
    assertThat(get("/api/messages?session_id=empty").statusCode()).isEqualTo(200);
    assertThat(get("/api/messages").statusCode()).isEqualTo(400);
    assertThat(get("/api/events").statusCode()).isEqualTo(400);
  }

  private void notes() {
    for (String server : List.of(stack.agent(), stack.webUi())) {
      assertThat(send("GET", server + "/api/agent/notes", null).statusCode()).isEqualTo(200);
    }
  }

  private void answers() throws IOException {
    Path file = folder.resolve("pick.conf");
    Files.writeString(
        file,
        """
        workflows {
          pick { steps = [{ name = pick, ask { prompt = "Which?", options = [red, blue] } }] }
        }
        """);
    String path = "/api/agent/answer";
    refusedBodies(path);
    try (Stack asking = Stack.start("agent.workflows.file", file.toString())) {
      JsonNode run =
          Json.parse(
              send(
                      "POST",
                      asking.webUi() + "/api/agent/run?wait=30",
                      "{\"session_id\":\"a1\",\"question\":\"Which?\",\"workflow\":\"pick\"}")
                  .body());
      String answer =
          "{\"session_id\":\"a1\",\"run_id\":\"%s\",\"input_id\":\"%s\",\"decision\":\"%s\"%s}";
      String runId = run.path("run_id").asText();
      String inputId = run.at("/waiting_for/input_id").asText();
      String url = asking.webUi() + path;
      String red = answer.formatted(runId, inputId, "approve", ",\"value\":\"red\"");
      assertThat(send("POST", url, answer.formatted("nobody", inputId, "approve", "")).statusCode())
          .isEqualTo(404);
      assertThat(send("POST", url, red).statusCode()).isEqualTo(202);
      assertThat(send("POST", url, red).statusCode()).isEqualTo(200);
      assertThat(send("POST", url, answer.formatted(runId, inputId, "reject", "")).statusCode())
          .isEqualTo(409);
    }
  }

  private void operations() {
    for (String server : List.of(stack.agent(), stack.webUi())) {
      for (String path : List.of("/health", "/health/live", "/health/ready")) {
        assertThat(send("GET", server + path, null).statusCode()).isEqualTo(200);
        assertThat(send("HEAD", server + path, null).statusCode()).isEqualTo(200);
      }
      for (String path : List.of("/metrics", "/openapi.json", "/asyncapi.json")) {
        assertThat(send("GET", server + path, null).statusCode()).isEqualTo(200);
      }
      assertThat(send("GET", server + "/api/nothing", null).statusCode()).isEqualTo(404);
      assertThat(send("DELETE", server + "/api/agent/run", null).statusCode()).isEqualTo(405);
    }
    assertThat(get("/").statusCode()).isEqualTo(200);
    assertThat(get("/api/access").statusCode()).isEqualTo(200);
    assertThat(get("/ws").statusCode()).isEqualTo(426);
  }

  private static void stream() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(stack.webUi() + "/api/events?session_id=p1"))
            .header("Last-Event-ID", "another:1")
            .build();
    try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
      Iterator<String> each = lines.iterator();
      String name = "";
      for (int events = 0; events < 2; ) {
        String line = each.next();
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          CONTRACT.checkStreamEvent(name, line.substring(6));
          events++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void socket() throws Exception {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            answers.add(data.toString());
            return WebSocket.Listener.super.onText(from, data, last);
          }

          @Override
          public void onError(WebSocket from, Throwable error) {
            answers.add("error: " + error);
          }
        };
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(stack.webUi().replaceFirst("http", "ws") + "/ws"), listener)
            .join();
    for (String command :
        List.of(
            "{\"cmd\":\"subscribe\",\"session_id\":\"p1\"}",
            "{\"cmd\":\"subscribe\",\"session_id\":\"p1\",\"after\":1}",
            "{\"cmd\":\"unsubscribe\",\"session_id\":\"p1\"}",
            "{\"cmd\":\"ping\"}")) {
      CONTRACT.checkCommand(command);
      socket.sendText(command, true).join();
    }
    for (String wrong : List.of("{", "{\"cmd\":\"dance\"}", "{\"cmd\":\"subscribe\"}")) {
      socket.sendText(wrong, true).join();
    }
    String replay = "{\"cmd\":\"subscribe\",\"session_id\":\"p1\",\"after\":0,\"epoch\":\"x\"}";
    CONTRACT.checkCommand(replay);
    socket.sendText(replay, true).join();
    String written = "{\"cmd\":\"subscribe\",\"session_id\":\"p2\"}";
    CONTRACT.checkCommand(written);
    socket.sendText(written, true).join();
    for (int i = 0; i < 11; i++) {
      assertThat(answers.poll(60, TimeUnit.SECONDS)).isNotNull().startsWith("{");
    }
    socket.abort();
    assertThatThrownBy(
            () ->
                client
                    .newWebSocketBuilder()
                    .header("Origin", "http://elsewhere.test")
                    .buildAsync(
                        URI.create(stack.webUi().replaceFirst("http", "ws") + "/ws"), listener)
                    .join())
        .isInstanceOf(CompletionException.class);
  }

  private void page() {
    HttpResponse<byte[]> style = get("/page/page.css");
    assertThat(style.statusCode()).isEqualTo(200);
    assertThat(get("/page/nothing.js").statusCode()).isEqualTo(404);
    HttpResponse<byte[]> admin = get("/admin");
    assertThat(admin.statusCode()).isEqualTo(200);
    String same = admin.headers().firstValue("ETag").orElse("");
    assertThat(send("GET", stack.webUi() + "/admin", null, "If-None-Match", same).statusCode())
        .isEqualTo(304);
    assertThat(get("/api/admin/overview").statusCode()).isEqualTo(200);
    assertThat(get("/api/admin/sessions/c1/audit").statusCode()).isEqualTo(200);
    assertThat(get("/api/admin/sessions/-/audit").statusCode()).isEqualTo(400);
    assertThat(send("GET", stack.agent() + "/api/agent/overview", null).statusCode())
        .isEqualTo(200);
    String tag = style.headers().firstValue("ETag").orElse("");
    assertThat(
            send("GET", stack.webUi() + "/page/page.css", null, "If-None-Match", tag).statusCode())
        .isEqualTo(304);
  }

  private static void durableStreams() {
    String url = stack.webUi() + "/v1/stream/c1";
    String[] token = {"X-Internal-Token", "secret"};
    assertThat(send("PUT", url, "[1]").statusCode()).isEqualTo(401);
    assertThat(send("POST", url, "[1]").statusCode()).isEqualTo(401);
    assertThat(send("DELETE", url, null).statusCode()).isEqualTo(401);
    for (String method : List.of("PUT", "POST", "DELETE")) {
      String body = method.equals("DELETE") ? null : "[1]";
      assertThat(send(method, url, body, "X-Internal-Token", "x").statusCode()).isEqualTo(403);
    }
    assertThat(send("GET", url, null).statusCode()).isEqualTo(404);
    assertThat(send("POST", url, "[1]", token).statusCode()).isEqualTo(404);
    assertThat(send("DELETE", url, null, token).statusCode()).isEqualTo(404);
    String[] ofNothing = {"X-Internal-Token", "secret", "Stream-Forked-From", "/v1/stream/none"};
    assertThat(send("PUT", url, null, ofNothing).statusCode()).isEqualTo(404);
    assertThat(send("PUT", url, "[1", token).statusCode()).isEqualTo(400);
    assertThat(send("PUT", url, "[1]", token).statusCode()).isEqualTo(201);
    assertThat(send("PUT", url, "[1]", token).statusCode()).isEqualTo(200);
    String[] closed = {"X-Internal-Token", "secret", "Stream-Closed", "true"};
    assertThat(send("PUT", url, "[1]", closed).statusCode()).isEqualTo(409);
    assertThat(send("POST", url, "[]", token).statusCode()).isEqualTo(400);
    assertThat(send("POST", url, "[2]", token).statusCode()).isEqualTo(204);
    String[] numbered = {
      "X-Internal-Token", "secret", "Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "0"
    };
    assertThat(send("POST", url, "[3]", numbered).statusCode()).isEqualTo(200);
    String big = " ".repeat(1_100_000);
    assertThat(send("PUT", url, big, token).statusCode()).isEqualTo(413);
    assertThat(send("POST", url, big, token).statusCode()).isEqualTo(413);
    HttpResponse<byte[]> read = send("GET", url, null);
    assertThat(read.statusCode()).isEqualTo(200);
    String tag = read.headers().firstValue("ETag").orElse("");
    assertThat(send("GET", url, null, "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(send("GET", url + "?offset=x", null).statusCode()).isEqualTo(400);
    assertThat(send("POST", url, null, closed).statusCode()).isEqualTo(204);
    assertThat(send("POST", url, "[4]", token).statusCode()).isEqualTo(409);
    assertThat(send("GET", url + "?offset=now&live=long-poll", null).statusCode()).isEqualTo(204);
    String[] fork = {"X-Internal-Token", "secret", "Stream-Forked-From", "/v1/stream/c1"};
    assertThat(send("PUT", stack.webUi() + "/v1/stream/c2", null, fork).statusCode())
        .isEqualTo(201);
    assertThat(send("DELETE", url, null, token).statusCode()).isEqualTo(204);
    assertThat(send("DELETE", url, null, token).statusCode()).isEqualTo(410);
    assertThat(send("POST", url, "[4]", token).statusCode()).isEqualTo(410);
    assertThat(send("GET", url, null).statusCode()).isEqualTo(410);
    String control = stack.webUi() + "/v1/stream/%00";
    assertThat(send("DELETE", control, null, token).statusCode()).isEqualTo(400);
  }

  private static void links() {
    String path = "/api/agent/links";
    assertThat(post(path, "{\"session_id\":\"nobody\"}").statusCode()).isEqualTo(404);
    stack.run("linked", "Why?");
    assertThat(post(path, "{\"session_id\":\"linked\"}").statusCode()).isEqualTo(409);
    refusedBodies(path);
  }

  private static void withTokens() {
    String secret = "a secret of at least thirty-two bytes";
    Tokens tokens = Tokens.of(secret, InstantSource.system());
    Instant until = Instant.now().plusSeconds(3600);
    String elsewhere = "Bearer " + tokens.link("y", Scope.USE, null, until);
    String user = "Bearer " + tokens.user("ann", Scope.USE, until);
    try (Stack closed =
        Stack.start(EnumSet.of(Role.WEBUI, Role.AGENT), Map.of("access.secret", secret))) {
      eachOperation(
          (path, method, operation) -> {
            JsonNode answers = operation.path("responses");
            if (!answers.path("401").path("$ref").asText().endsWith("Missing")) {
              return;
            }
            boolean hasBody = method.equals("POST") || method.equals("PATCH");
            String server =
                operation.path("x-servers").toString().contains("webui")
                    ? closed.webUi()
                    : closed.agent();
            String url =
                server
                    + path.replaceAll("\\{[^}]*}", "x")
                    + (path.contains("{") || hasBody ? "" : "?session_id=x");
            String body =
                hasBody
                    ? "{\"session_id\":\"x\",\"question\":\"Why?\",\"run_id\":\"r\",\"input_id\":\"i\","
                        + "\"decision\":\"approve\",\"title\":\"x\"}"
                    : null;
            assertThat(send(method, url, body).statusCode()).isEqualTo(401);
            assertThat(send(method, url, body, "Authorization", "Bearer x").statusCode())
                .isEqualTo(401);
            if (answers.has("403")) {
              assertThat(send(method, url, body, "Authorization", elsewhere).statusCode())
                  .isEqualTo(403);
            }
            // These begin a session.
            boolean makes = path.endsWith("/run") || method.equals("PUT");
            if (answers.has("404") && !makes) {
              assertThat(send(method, url, body, "Authorization", user).statusCode())
                  .isEqualTo(404);
            }
          });
      String run = closed.webUi() + "/api/agent/run";
      String question = Stack.question("x", "Why?");
      assertThat(send("POST", run, question, "Authorization", user).statusCode()).isEqualTo(202);
      String another = "Bearer " + tokens.user("bob", Scope.USE, until);
      assertThat(send("POST", run, question, "Authorization", another).statusCode()).isEqualTo(404);
      String session = closed.agent() + "/api/agent/sessions/x";
      assertThat(send("PUT", session, null, "Authorization", another).statusCode()).isEqualTo(404);
      String links = closed.webUi() + "/api/agent/links";
      String link = "{\"session_id\":\"x\",\"ttl\":\"7d\"}";
      assertThat(send("POST", links, link, "Authorization", user).statusCode()).isEqualTo(201);
    }
  }

  private static void withoutAnAgent() {
    try (Stack alone = Stack.start(EnumSet.of(Role.WEBUI), Map.of())) {
      eachOperation(
          (path, method, operation) -> {
            if (operation.path("responses").has("502")) {
              HttpResponse<byte[]> answer =
                  send(
                      method,
                      alone.webUi() + path.replaceAll("\\{[^}]*}", "x"),
                      method.equals("POST") ? "{}" : null);
              assertThat(answer.statusCode()).isEqualTo(502);
            }
          });
    }
  }

  /// Bodies that no endpoint takes.
  private static void refusedBodies(String path, String... headers) {
    boolean isOfRooms = path.endsWith("progress") || path.endsWith("deltas");
    String server = isOfRooms ? stack.webUi() : stack.agent();
    assertThat(send("POST", server + path, "{", headers).statusCode()).isEqualTo(400);
    assertThat(send("POST", server + path, "{}", headers).statusCode()).isEqualTo(400);
    assertThat(send("POST", server + path, " ".repeat(1_100_000), headers).statusCode())
        .isEqualTo(413);
    String[] text =
        Stream.concat(Stream.of(headers), Stream.of("Content-Type", "text/plain"))
            .toArray(String[]::new);
    assertThat(send("POST", server + path, "{}", text).statusCode()).isEqualTo(415);
  }

  private static HttpResponse<byte[]> get(String path) {
    return send("GET", stack.webUi() + path, null);
  }

  private static HttpResponse<byte[]> delete(String path) {
    return send("DELETE", stack.webUi() + path, null);
  }

  private static HttpResponse<byte[]> post(String path, String json, String... headers) {
    return send("POST", stack.webUi() + path, json, headers);
  }

  private static HttpResponse<byte[]> send(
      String method,
      String url,
      @org.jspecify.annotations.Nullable String body,
      String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(client, request.build());
  }

  /// To a server that may be the wrong one, of whose answer the documents say nothing.
  private static HttpResponse<byte[]> sendUnchecked(String method, String url) {
    try (HttpClient unchecked = HttpClient.newHttpClient()) {
      return send(
          unchecked,
          HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build());
    }
  }

  private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Contract.Exchange answered(
      HttpResponse<byte[]> like, URI uri, int status, String body) {
    return new Contract.Exchange(
        "GET",
        uri,
        like.request().headers(),
        new byte[0],
        status,
        like.headers(),
        java.util.Optional.of(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private interface Operation {
    void accept(String path, String method, JsonNode operation);
  }

  private static void eachOperation(Operation action) {
    for (Map.Entry<String, JsonNode> path :
        CONTRACT.documents().openApi().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (operation.getValue().has("responses") && !operation.getValue().has("x-protocol")) {
          action.accept(
              path.getKey(),
              operation.getKey().toUpperCase(java.util.Locale.ROOT),
              operation.getValue());
        }
      }
    }
  }
}
