package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// HTTP client of the web UI, and through it of the agent.
///
/// Every call throws {@link CommandFailed} when the server cannot be reached or refuses.
final class Client {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final @Nullable String token;

  private Client(URI base, @Nullable String token) {
    this.base = base;
    this.token = token;
  }

  /// @param token for the session's room, where rooms need one
  static Client of(String url, @Nullable String token) {
    try {
      URI base = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
      if (web && base.getHost() != null) {
        return new Client(base, token);
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    throw new CommandFailed(
        ExitCode.UNUSABLE, "--url: must be an http or https URL, and is " + url);
  }

  /// Starts a run. `key` is the idempotency key, which makes a retry safe when the answer was
  /// lost.
  JsonNode run(JsonNode body, String key) {
    return required(send(post("/api/agent/run", body).header("Idempotency-Key", key)));
  }

  JsonNode cancel(String sessionId, @Nullable String runId) {
    return required(
        send(
            post(
                "/api/agent/cancel",
                Json.object().put("session_id", sessionId).put("run_id", runId))));
  }

  /// Answers what a run asks.
  JsonNode answer(JsonNode body) {
    return required(send(post("/api/agent/answer", body)));
  }

  /// A session; empty when it is unknown.
  Optional<JsonNode> session(String sessionId) {
    return found(send(get("/api/agent/sessions/" + sessionId)));
  }

  /// A run; empty when it is unknown.
  Optional<JsonNode> run(String sessionId, String runId) {
    return found(send(get("/api/agent/sessions/" + sessionId + "/runs/" + runId)));
  }

  /// A page of sessions.
  JsonNode sessions(int limit, @Nullable String after) {
    String query = "?limit=" + limit + (after == null ? "" : "&after=" + encoded(after));
    return required(send(get("/api/agent/sessions" + query)));
  }

  /// Opens a session's event stream: from `START`, the oldest retained event; from `LIVE`, now;
  /// otherwise after the event `lastEventId`, such as `3f2a:17`.
  EventStream events(String sessionId, String lastEventId) {
    String after = lastEventId.equals(EventStream.START) ? "&after=0" : "";
    HttpRequest.Builder request =
        to("/api/events?session_id=" + encoded(sessionId) + after)
            .header("Accept", "text/event-stream");
    if (after.isEmpty() && !lastEventId.equals(EventStream.LIVE)) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> answer =
        exchange(request.build(), HttpResponse.BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      try (Stream<String> lines = answer.body()) {
        throw refused(answer.statusCode(), lines.limit(100).reduce("", String::concat));
      }
    }
    return new EventStream(answer.body());
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpRequest.Builder get(String path) {
    return to(path).timeout(PATIENCE);
  }

  private HttpRequest.Builder post(String path, JsonNode body) {
    return get(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return exchange(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
    try {
      // A stream's request has no timeout, because that might include its body.
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      answer.cancel(true);
      throw new CommandFailed(ExitCode.UNUSABLE, base + " cannot be reached" + why(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(ExitCode.CANCELLED, "interrupted");
    }
  }

  private static String why(@Nullable Throwable cause) {
    String words = cause == null ? "no answer in time" : cause.getMessage();
    return words == null ? "" : " (" + Words.oneLine(words) + ")";
  }

  private static JsonNode required(HttpResponse<String> answer) {
    if (answer.statusCode() >= 300) {
      throw refused(answer.statusCode(), answer.body());
    }
    return parsed(answer.body());
  }

  private static Optional<JsonNode> found(HttpResponse<String> answer) {
    return answer.statusCode() == 404 ? Optional.empty() : Optional.of(required(answer));
  }

  private static JsonNode parsed(String body) {
    try {
      return Json.parseAnswer(body.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new CommandFailed(ExitCode.UNUSABLE, "the server does not answer in JSON");
    }
  }

  // Exit code 2 for a bad request or server; 1 when the session's state forbids it.
  private static CommandFailed refused(int status, String body) {
    int exitCode =
        switch (status) {
          case 404, 409, 422, 429, 503 -> ExitCode.FAILED;
          default -> ExitCode.UNUSABLE;
        };
    String detail;
    try {
      detail = Json.parseAnswer(body.getBytes(StandardCharsets.UTF_8)).path("detail").asText();
    } catch (MalformedJson e) {
      detail = "";
    }
    return new CommandFailed(
        exitCode, detail.isEmpty() ? "the server answered " + status : Words.oneLine(detail));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
