package dev.agentrooms.webui;

import dev.agentrooms.http.LastingClient;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes requests on to the agent, so that the page has one origin. Only what an API needs goes
/// through: a few headers, the body, the answer.
final class AgentProxy {

  private static final Logger LOG = LoggerFactory.getLogger(AgentProxy.class);

  private static final List<String> PASSED_ON =
      List.of("idempotency-key", "traceparent", "tracestate", "x-correlation-id");
  private static final Set<String> PASSED_BACK =
      Set.of("location", "retry-after", "allow", "x-correlation-id");

  // Longer than a run may be waited for.
  private static final Duration TIMEOUT = Duration.ofSeconds(310);

  private final LastingClient client = new LastingClient(AgentProxy::httpClient);
  private final URI agentUrl;
  private final WebUiMetrics metrics;

  AgentProxy(URI agentUrl, WebUiMetrics metrics) {
    this.agentUrl = agentUrl;
    this.metrics = metrics;
  }

  /// The agent's answer, or 502 when there is none. That says whether the agent can have heard of
  // it.
  CompletionStage<HttpResponse> pass(HttpRequest request, byte[] body) {
    URI target;
    try {
      target = URI.create(agentUrl + withoutToken(request.getUri().toRelative()).toString());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(
          Problems.response(Problem.of(400, "Bad request", "The URL is not well-formed.")));
    }
    var passed =
        java.net.http.HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .method(
                request.method().name(),
                body.length == 0
                    ? java.net.http.HttpRequest.BodyPublishers.noBody()
                    : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body));
    for (String name : PASSED_ON) {
      request.getHeader(name).ifPresent(header -> passed.header(name, header.value()));
    }
    ContentType type = request.entity().getContentType();
    if (!type.equals(ContentTypes.NO_CONTENT_TYPE)) {
      passed.header("Content-Type", type.toString());
    }
    return client
        .get()
        .sendAsync(passed.build(), java.net.http.HttpResponse.BodyHandlers.ofByteArray())
        .handle(
            (answer, failure) -> answer == null ? unanswered(request, failure) : answer(answer));
  }

  private HttpResponse unanswered(HttpRequest request, @Nullable Throwable failure) {
    metrics.agentUnreachable();
    LOG.warn("the agent did not answer: {}", String.valueOf(failure));
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    // An IOException that is none of these: it was sent, at least in part.
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return Problems.response(Problem.of(502, "Bad gateway", "The agent cannot be reached."));
    }
    Problem lost =
        Problem.of(
            502,
            "Bad gateway",
            "The agent did not answer. What was asked for may be done all the same.");
    boolean isRun = request.getUri().path().equals("/api/agent/run");
    return Problems.response(isRun ? lost.with("may_have_started", true) : lost);
  }

  private static HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(2))
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  // What opens a room is nothing that the agent, or its log, has to know.
  private static Uri withoutToken(Uri uri) {
    List<Pair<String, String>> query = uri.query().toList();
    List<Pair<String, String>> left =
        query.stream().filter(parameter -> !parameter.first().equals("token")).toList();
    return left.size() == query.size() ? uri : uri.query(Query.create(left));
  }

  private static HttpResponse answer(java.net.http.HttpResponse<byte[]> answer) {
    List<HttpHeader> headers =
        answer.headers().map().entrySet().stream()
            .filter(header -> PASSED_BACK.contains(header.getKey().toLowerCase(Locale.ROOT)))
            .map(
                header ->
                    (HttpHeader) RawHeader.create(header.getKey(), header.getValue().getFirst()))
            .toList();
    HttpResponse response =
        HttpResponse.create().withStatus(StatusCodes.get(answer.statusCode())).addHeaders(headers);
    if (answer.body().length == 0) {
      return response;
    }
    ContentType type =
        answer
            .headers()
            .firstValue("content-type")
            .map(ContentTypes::parse)
            .orElse(ContentTypes.APPLICATION_OCTET_STREAM);
    return response.withEntity(HttpEntities.create(type, answer.body()));
  }
}
