package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.Bodies.Body;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.server.directives.RouteAdapter;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Directives shared by agent and web UI: JSON in and out, health, metrics, and a problem for
/// every error.
public abstract class Edge extends AllDirectives {

  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  private static final Set<HttpMethod> BODILESS =
      Set.of(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.DELETE);

  private static final ContentType METRICS = ContentTypes.parse(Meters.MEDIA_TYPE);

  private final AllowedHosts hosts;

  protected Edge(AllowedHosts hosts) {
    this.hosts = hosts;
  }

  /// Seals routes: every rejection and exception becomes a problem.
  ///
  /// @param open routes served under any `Host`, for health checks and Prometheus, which use
  ///     addresses
  /// @param routes routes served only under an allowed `Host`
  protected Route sealed(Route open, Route routes) {
    // Built here once; what is inside the lambda is built for each request.
    RejectionHandler rejections = rejections();
    Route taken = bodiesTaken(concat(open, ofAllowedHost(routes)));
    Route handled = handleRejections(rejections, () -> taken);
    Route answered = handleExceptions(exceptions(), () -> handled);
    return extractRequest(
        request -> mapResponse(response -> Compression.of(request, response), () -> answered));
  }

  private Route ofAllowedHost(Route routes) {
    return extractRequest(
        request ->
            switch (hosts.judge(Headers.values(request, "host"))) {
              case ALLOWED -> routes;
              case MISDIRECTED ->
                  problem(
                      Problem.of(
                          421,
                          "Misdirected request",
                          "This server has another name. Its names are set by http.allowed-hosts."));
              case MALFORMED ->
                  problem(Problem.of(400, "Bad request", "The Host header names no host."));
            });
  }

  /// Drains the body that no route has read: an answer before the body's end would close the
  /// connection and log a warning.
  private Route bodiesTaken(Route routes) {
    return extractRequest(
        request ->
            BODILESS.contains(request.method()) && !(request.entity() instanceof HttpEntity.Strict)
                ? anyBody(
                    Bodies.MAX_BYTES,
                    body ->
                        mapRequest(
                            whole ->
                                whole.withEntity(
                                    HttpEntities.create(whole.entity().getContentType(), body)),
                            () -> routes))
                : routes);
  }

  /// Every route does its work within this or [#onSuccess], where a StackOverflowError becomes a
  /// 500. In a plain Pekko route it would end the JVM.
  @Override
  public RouteAdapter extractRequest(Function<HttpRequest, Route> inner) {
    return super.extractRequest(request -> survived(() -> inner.apply(request)));
  }

  @Override
  public <T> RouteAdapter onSuccess(CompletionStage<T> stage, Function<T, Route> inner) {
    return super.onSuccess(stage, value -> survived(() -> inner.apply(value)));
  }

  private Route survived(Supplier<Route> inner) {
    try {
      return inner.get();
    } catch (StackOverflowError e) {
      LOG.error("a request failed", e);
      return complete(Problems.internal());
    }
  }

  /// Reads the request's JSON object.
  protected Route jsonBody(int maxBytes, Function<Fields, Route> inner) {
    return body(
        (request, mat) -> Bodies.readJson(request, maxBytes, mat),
        bytes -> inner.apply(Json.parseObject(bytes)));
  }

  /// Reads the request's body, of any type.
  protected Route anyBody(int maxBytes, Function<byte[], Route> inner) {
    return body((request, mat) -> Bodies.read(request, maxBytes, mat), inner);
  }

  private Route body(
      BiFunction<HttpRequest, Materializer, CompletionStage<Body>> reader,
      Function<byte[], Route> inner) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer ->
                    onSuccess(
                        reader.apply(request, materializer),
                        body ->
                            switch (body) {
                              case Body.Bytes(byte[] bytes) -> inner.apply(bytes);
                              case Body.Refused(var answer) -> complete(answer);
                            })));
  }

  /// Answers with `value` as JSON.
  protected Route json(int status, Object value, HttpHeader... headers) {
    // `Accept` is ignored: JSON is the only representation, and the work has been done already.
    return complete(
        HttpResponse.create()
            .withStatus(StatusCodes.get(status))
            .addHeaders(List.of(headers))
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(value))));
  }

  protected Route problem(Problem problem) {
    return complete(Problems.response(problem));
  }

  /// A session's id from the path.
  protected String sessionId(String segment) {
    return SessionId.checked("session_id", segment);
  }

  /// `/health`, `/health/live`, and `/health/ready`, which is 503 with what is in the way.
  protected Route health(NodeStatus node) {
    Map<String, String> up = Map.of("status", "UP");
    return pathPrefix(
        "health",
        () ->
            concat(
                pathEnd(() -> get(() -> json(200, up))),
                path("live", () -> get(() -> json(200, up))),
                path("ready", () -> get(() -> ready(node)))));
  }

  private Route ready(NodeStatus node) {
    return switch (node.readiness()) {
      case READY ->
          json(
              200,
              node.members() == 0
                  ? Map.of("status", "UP")
                  : Map.of("status", "UP", "members", node.members()));
      case NOT_UP -> complete(Problems.unavailable("The server is starting or stopping."));
      case STORE_AWAY -> complete(Problems.storeUnavailable());
      case STORE_FULL -> complete(Problems.storeFull());
      case NOTES_UNREAD -> complete(Problems.unavailable("The notes are being read."));
      case TOOLS_UNLISTED ->
          complete(Problems.unavailable("The MCP servers are being asked for their tools."));
    };
  }

  /// `/metrics`, for Prometheus.
  protected Route metrics(Meters meters) {
    return path(
        "metrics",
        () ->
            get(
                () ->
                    complete(
                        HttpResponse.create()
                            .withEntity(
                                HttpEntities.create(METRICS, meters.page().getBytes(UTF_8))))));
  }

  /// `/openapi.json` and `/asyncapi.json`: the API documents of both servers.
  protected Route documents() {
    return concat(document(ApiDocument.OPENAPI), document(ApiDocument.ASYNCAPI));
  }

  private Route document(ApiDocument document) {
    HttpResponse answer =
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, document.read()));
    return path(document.fileName(), () -> get(() -> complete(answer)));
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .match(InvalidField.class, e -> complete(Problems.invalid(e)))
        .match(MalformedJson.class, e -> complete(Problems.malformed(e)))
        .match(
            IllegalUriException.class,
            e -> problem(Problem.of(400, "Bad request", "The request's URL is not well-formed.")))
        .match(
            TimeoutException.class,
            e ->
                extractRequest(
                    request -> {
                      LOG.warn("{} got no answer: {}", request.getUri().path(), e.getMessage());
                      return complete(Problems.unavailable(unanswered(request.method())));
                    }))
        .matchAny(
            e ->
                extractRequest(
                    request -> {
                      LOG.error(
                          "{} {} failed", request.method().name(), request.getUri().path(), e);
                      return complete(Problems.internal());
                    }))
        .build();
  }

  /// An ask that timed out may still be carried out.
  private static String unanswered(HttpMethod method) {
    String busy = "The server is too busy, or starts or stops.";
    return method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD)
        ? busy
        : busy + " What was asked for may be done all the same; asking again is safe.";
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(MethodRejection.class, this::methodNotAllowed)
        .handle(
            Rejection.class,
            rejection -> {
              LOG.warn("a request was rejected: {}", rejection);
              return problem(Problem.of(400, "Bad request", "The request cannot be read."));
            })
        .handleNotFound(complete(Problems.notFound()))
        .build();
  }

  private Route methodNotAllowed(List<MethodRejection> rejections) {
    return complete(Problems.methodNotAllowed(allow(rejections)));
  }

  /// The value of the header `Allow`.
  protected static String allow(List<MethodRejection> rejections) {
    return String.join(
        ", ", rejections.stream().map(r -> r.supported().name()).distinct().sorted().toList());
  }
}
