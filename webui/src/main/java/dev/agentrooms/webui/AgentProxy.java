package dev.agentrooms.webui;

import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.watch.OpenSockets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reverse proxy to the agent, so that the page has one origin. It passes on a few headers, the
/// body and the answer.
///
/// Requests that the agent did not answer are counted as `agentrooms.agent.unreachable`.
final class AgentProxy {

  private static final Logger LOG = LoggerFactory.getLogger(AgentProxy.class);

  private static final List<String> PASSED_ON =
      List.of("traceparent", "tracestate", "x-correlation-id", "accept", "last-event-id");
  private static final Set<String> PASSED_BACK =
      Set.of(
          "location",
          "retry-after",
          "allow",
          "x-correlation-id",
          "www-authenticate",
          "cache-control",
          "x-accel-buffering");

  // Longer than the longest `?wait=`.
  private static final Duration TIMEOUT = Duration.ofSeconds(310);

  private final LastingClient client = new LastingClient(AgentProxy::httpClient);
  private final URI agentUrl;
  private final Access access;
  private final OpenSockets open;
  private final Counter unreachable;

  AgentProxy(URI agentUrl, Access access, OpenSockets open, MeterRegistry registry) {
    this.agentUrl = agentUrl;
    this.access = access;
    this.open = open;
    this.unreachable =
        Counter.builder("agentrooms.agent.unreachable")
            .description("Requests that the agent did not answer")
            .register(registry);
  }

  /// The agent's answer; 502 without a valid one. The 502 says whether the agent may have received
  /// the request.
  ///
  /// @throws InvalidField when the request cannot be passed on
  CompletionStage<HttpResponse> pass(HttpRequest request, byte[] body) {
    return pass(request, body, null);
  }

  /// @param allowed for how long an event stream may be read; null for no limit
  CompletionStage<HttpResponse> pass(HttpRequest request, byte[] body, @Nullable Duration allowed) {
    return client
        .get()
        .sendAsync(passed(request, body), AgentStream.handler())
        .handle(
            (answer, failure) ->
                answer == null ? unanswered(request, failure) : answer(request, answer, allowed));
  }

  private java.net.http.HttpRequest passed(HttpRequest request, byte[] body) {
    var passed =
        java.net.http.HttpRequest.newBuilder(target(request))
            .timeout(TIMEOUT)
            .method(
                request.method().name(),
                body.length == 0
                    ? java.net.http.HttpRequest.BodyPublishers.noBody()
                    : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body));
    String key = IdempotencyKey.of(request);
    if (key != null) {
      passed.header("Idempotency-Key", key);
    }
    for (String name : PASSED_ON) {
      request
          .getHeader(name)
          .map(HttpHeader::value)
          // The agent would ignore the others.
          .filter(IdempotencyKey::isAscii)
          .ifPresent(value -> passed.header(name, value));
    }
    access.passedOn(request).forEach(passed::header);
    ContentType type = request.entity().getContentType();
    if (!type.equals(ContentTypes.NO_CONTENT_TYPE)) {
      if (!IdempotencyKey.isAscii(type.toString())) {
        throw new InvalidField("Content-Type", "Content-Type must be ASCII");
      }
      passed.header("Content-Type", type.toString());
    }
    return passed.build();
  }

  private URI target(HttpRequest request) {
    try {
      return URI.create(agentUrl + withoutToken(request.getUri().toRelative()).toString());
    } catch (IllegalArgumentException e) {
      throw new InvalidField("", "The URL is not well-formed.");
    }
  }

  private HttpResponse unanswered(HttpRequest request, @Nullable Throwable failure) {
    unreachable.increment();
    LOG.warn("the agent did not answer: {}", String.valueOf(failure));
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    // Any other IOException: the request was sent, at least in part.
    return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
        ? Problems.response(Problem.of(502, "Bad gateway", "The agent cannot be reached."))
        : lost(request, "The agent did not answer.");
  }

  private static HttpResponse lost(HttpRequest request, String why) {
    Problem lost =
        Problem.of(502, "Bad gateway", why + " What was asked for may be done all the same.");
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

  // Who asks is said by headers, which are in no log.
  private static Uri withoutToken(Uri uri) {
    List<Pair<String, String>> query = uri.query().toList();
    List<Pair<String, String>> left =
        query.stream().filter(parameter -> !parameter.first().equals("token")).toList();
    return left.size() == query.size() ? uri : uri.query(Query.create(left));
  }

  private HttpResponse answer(
      HttpRequest request,
      java.net.http.HttpResponse<AgentStream> answer,
      @Nullable Duration allowed) {
    Optional<StatusCode> status = StatusCodes.lookup(answer.statusCode());
    if (status.isEmpty() || answer.statusCode() < 200) {
      LOG.warn("the agent's answer has a status that there is not: {}", answer.statusCode());
      return lost(request, "The agent's answer makes no sense.");
    }
    List<HttpHeader> headers =
        answer.headers().map().entrySet().stream()
            .filter(header -> PASSED_BACK.contains(header.getKey().toLowerCase(Locale.ROOT)))
            .filter(header -> IdempotencyKey.isAscii(header.getValue().getFirst()))
            .map(
                header ->
                    (HttpHeader) RawHeader.create(header.getKey(), header.getValue().getFirst()))
            .toList();
    HttpResponse response = HttpResponse.create().withStatus(status.get()).addHeaders(headers);
    return switch (answer.body()) {
      case AgentStream.Live live -> response.withEntity(live.entity(allowed, open));
      case AgentStream.Whole(byte[] body) ->
          body.length == 0 || !status.get().allowsEntity()
              ? response
              : response.withEntity(HttpEntities.create(type(answer), body));
    };
  }

  private static ContentType type(java.net.http.HttpResponse<?> answer) {
    Optional<String> type = answer.headers().firstValue("content-type");
    try {
      return type.map(ContentTypes::parse).orElse(ContentTypes.APPLICATION_OCTET_STREAM);
    } catch (RuntimeException noType) { // of whatever kind the library throws
      return ContentTypes.APPLICATION_OCTET_STREAM;
    }
  }
}
