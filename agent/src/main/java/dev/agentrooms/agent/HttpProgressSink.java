package dev.agentrooms.agent;

import dev.agentrooms.agent.telemetry.RunMdc;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts progress to a web UI: one try with a time limit, and one more after a network error.
final class HttpProgressSink implements ProgressSink {

  private static final Logger LOG = LoggerFactory.getLogger(HttpProgressSink.class);

  private final LastingClient client;
  private final URI url;
  private final Duration timeout;
  private final @Nullable String token;
  // So that an outage is told once, and not by every event of every session.
  private final AtomicBoolean reachable = new AtomicBoolean(true);

  HttpProgressSink(LastingClient client, AgentSettings.Progress settings, @Nullable String token) {
    this.client = client;
    this.url = settings.url();
    this.timeout = settings.timeout();
    this.token = token;
  }

  @Override
  public CompletionStage<Outcome> deliver(
      ProgressEvent event, Delivery delivery, @Nullable String traceparent) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header(Delivery.HEADER, delivery.toString())
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(event)));
    if (token != null) {
      request.header("X-Internal-Token", token);
    }
    if (traceparent != null) {
      request.header("traceparent", traceparent);
    }
    HttpRequest post = request.build();
    return post(post)
        .exceptionallyCompose(
            failure ->
                isNetworkError(failure) ? post(post) : CompletableFuture.failedFuture(failure))
        .handle((answer, failure) -> outcome(event, answer, failure));
  }

  @Override
  public CompletionStage<Outcome> write(Delta delta) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve("deltas"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(delta)));
    if (token != null) {
      request.header("X-Internal-Token", token);
    }
    return post(request.build())
        .handle(
            (answer, failure) ->
                answer == null || answer.statusCode() >= 500
                    ? Outcome.UNREACHABLE
                    : answer.statusCode() < 300 ? Outcome.DELIVERED : Outcome.REFUSED);
  }

  private CompletableFuture<HttpResponse<Void>> post(HttpRequest request) {
    CompletableFuture<HttpResponse<Void>> exchange =
        client.get().sendAsync(request, HttpResponse.BodyHandlers.discarding());
    // Only cancelling the original future closes the connection; orTimeout would leave it open.
    CompletableFuture<Void> deadline =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> abort = deadline.thenRun(() -> exchange.cancel(true));
    exchange.whenComplete(
        (answer, failure) -> {
          abort.cancel(false);
          deadline.cancel(false);
        });
    return exchange;
  }

  private Outcome outcome(
      ProgressEvent event, @Nullable HttpResponse<Void> answer, @Nullable Throwable failure) {
    if (answer == null) {
      if (reachable.compareAndSet(true, false)) {
        LOG.warn(
            "{} cannot be reached; progress waits until it can ({})", url, String.valueOf(failure));
      }
      return Outcome.UNREACHABLE;
    }
    if (reachable.compareAndSet(false, true)) {
      LOG.info("{} can be reached again", url);
    }
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return Outcome.DELIVERED;
    }
    try (var _ = RunMdc.of(event)) {
      LOG.warn("the web UI answered {} to {} ({})", status, event.eventId(), event.step());
    }
    return status >= 400 && status < 500 ? Outcome.REFUSED : Outcome.UNREACHABLE;
  }

  private static boolean isNetworkError(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof IOException;
  }
}
