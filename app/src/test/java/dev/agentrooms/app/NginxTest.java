package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// All uses of a browser, through `ops/nginx.conf`.
@Tag("process")
@Timeout(300)
class NginxTest {

  @BeforeAll
  static void isThere() {
    assumeTrue(Nginx.isInstalled(), "nginx is not installed; ci/nginx does it");
  }

  /// As the file has it, and as nginx does when it is told nothing.
  @ParameterizedTest
  @ValueSource(strings = {"$http_host", "127.0.0.1:8150"})
  void pageRunsStreamsSocketsAndCancelPassTheProxy(String host) throws Exception {
    try (Proxied rooms = Proxied.start(host)) {
      everythingPasses(rooms);
    }
  }

  private static void everythingPasses(Proxied rooms) throws Exception {
    HttpResponse<String> page = rooms.get("/?session=proxied");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<title>Agent Rooms");
    assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(page.headers().firstValue("content-security-policy")).isPresent();
    assertThat(page.headers().firstValue("strict-transport-security")).isPresent();

    Told told = new Told();
    WebSocket socket = rooms.socket(rooms.nginx().url(), told);
    socket.sendText("{\"cmd\":\"subscribe\",\"session_id\":\"proxied\"}", true).join();
    try (InputStream stream = rooms.stream("proxied")) {
      assertThat(line(stream)).isEqualTo(":");
      assertThat(line(stream)).isEmpty();
      // The run waits for its tool, so nothing that comes later pushes what came before.
      HttpResponse<String> run =
          rooms.post("run", Stack.question("proxied", "What is a proxy? [rag:slow]"));
      assertThat(run.statusCode()).isEqualTo(202);
      assertThat(run.headers().firstValue("location").orElse("")).startsWith("/api/agent/");
      assertThat(line(stream)).startsWith("id: ");
      assertThat(line(stream)).isEqualTo("event: progress");
      assertThat(line(stream)).contains("\"step\":\"intent_determined\"");

      HttpResponse<String> cancel = rooms.post("cancel", "{\"session_id\":\"proxied\"}");
      assertThat(cancel.statusCode()).isEqualTo(202);
      List<JsonNode> events =
          Stack.await(
              () -> told.messages,
              messages ->
                  messages.stream().anyMatch(m -> m.path("step").asText().equals("cancelled")));
      assertThat(events.getFirst().path("type").asText()).isEqualTo("subscribed");
      String last = line(stream);
      while (!last.contains("\"step\":\"cancelled\"")) {
        last = line(stream);
      }
    }
    socket.abort();
    JsonNode waited =
        Json.parse(
            rooms
                .post("run?wait=60", Stack.question("proxied", "What is a proxy?"))
                .body()
                .getBytes(StandardCharsets.UTF_8));
    assertThat(waited.path("status").asText()).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$http_host", "127.0.0.1:8150"})
  void whatIsNotForOutsideDoesNotPass(String host) throws Exception {
    try (Proxied rooms = Proxied.start(host)) {
      nothingElsePasses(rooms);
    }
  }

  private static void nothingElsePasses(Proxied rooms) throws Exception {
    assertThatThrownBy(() -> rooms.socket("https://evil.example", new Told()))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
    assertThat(rooms.post("progress", "{}").statusCode()).isEqualTo(404);
    assertThat(rooms.get("/metrics").statusCode()).isEqualTo(404);
    assertThat(rooms.get("/health").statusCode()).isEqualTo(200);
    HttpResponse<String> plain =
        rooms
            .client()
            .send(
                HttpRequest.newBuilder(URI.create(rooms.nginx().plainUrl() + "/?session=a"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(plain.statusCode()).isEqualTo(308);
    assertThat(plain.headers().firstValue("location"))
        .hasValue(rooms.nginx().url() + "/?session=a");
  }

  private record Proxied(Stack stack, Nginx nginx, HttpClient client) implements AutoCloseable {

    static Proxied start(String host) {
      int port = Stack.freePort();
      Stack stack =
          Stack.start(
              "webui.public-url",
              "https://localhost:" + port,
              "internal-token",
              "from-inside-only");
      Nginx nginx = Nginx.start(port, stack.webUi(), host);
      return new Proxied(stack, nginx, HttpClient.newBuilder().sslContext(nginx.tls()).build());
    }

    HttpResponse<String> get(String path) throws Exception {
      return client.send(to(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String what, String json) throws Exception {
      return client.send(
          to("/api/agent/" + what)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(json))
              .build(),
          BodyHandlers.ofString());
    }

    InputStream stream(String sessionId) throws Exception {
      HttpResponse<InputStream> answer =
          client.send(
              to("/api/events?session_id=" + sessionId).build(), BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }

    HttpRequest.Builder to(String path) {
      return HttpRequest.newBuilder(URI.create(nginx.url() + path));
    }

    WebSocket socket(String origin, Told told) {
      return client
          .newWebSocketBuilder()
          .header("Origin", origin)
          .buildAsync(URI.create(nginx.url().replace("https", "wss") + "/ws"), told)
          .join();
    }

    @Override
    public void close() {
      client.close();
      nginx.close();
      stack.close();
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      assertThat(b).as("the end, after %s", line).isNotEqualTo(-1);
      line.append((char) b);
    }
    return line.toString();
  }

  private static final class Told implements WebSocket.Listener {

    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(Json.parse(partial.toString().getBytes(StandardCharsets.UTF_8)));
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
