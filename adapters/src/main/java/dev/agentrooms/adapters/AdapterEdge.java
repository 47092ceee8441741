package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.Doors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.server.directives.RouteAdapter;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the routes of every protocol share: the agent and the rooms, who may come in, CORS, JSON
/// in, and refusals in the protocol's own words.
///
/// Refusals are never 5xx where asking again is of no use: the clients ask again.
public abstract class AdapterEdge extends GuardedEdge {

  private static final Logger LOG = LoggerFactory.getLogger(AdapterEdge.class);

  protected final Doors doors;
  protected final AgentApi agent;
  protected final RunFeed runs;
  private final Wording wording;
  private final Cors cors;

  protected AdapterEdge(Doors doors, Wording wording) {
    super(doors.hosts(), doors.door().access());
    this.doors = doors;
    this.agent = new AgentApi(doors.agent());
    this.runs = new RunFeed(agent, doors.rooms());
    this.wording = wording;
    this.cors = new Cors(doors.origins());
  }

  /// All paths of a protocol: what none of `routes` answers is refused in its words, too.
  protected final Route protocol(Route routes) {
    RejectionHandler rejections =
        RejectionHandler.newBuilder()
            .handleAll(MethodRejection.class, this::methodNotAllowed)
            .handleNotFound(refuse(Refusal.notFound("There is nothing at this path.")))
            .build();
    Route handled = handleRejections(rejections, () -> routes);
    Route answered = handleExceptions(exceptions(), () -> handled);
    return extractRequest(
        request ->
            Cors.isPreflight(request)
                ? complete(cors.preflight(request))
                : mapResponse(response -> cors.on(request, response), () -> answered));
  }

  protected final Route refuse(Refusal refusal) {
    return complete(refused(refusal));
  }

  protected final HttpResponse refused(Refusal refusal) {
    return wording.answer(refusal);
  }

  /// Reads the request's JSON object.
  protected final Route object(Function<ObjectNode, Route> inner) {
    return object(Bodies.MAX_BYTES, inner);
  }

  protected final Route object(int maxBytes, Function<ObjectNode, Route> inner) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer ->
                    onSuccess(
                        Bodies.readJson(request, maxBytes, materializer),
                        body ->
                            switch (body) {
                              case Bodies.Body.Bytes(byte[] bytes) -> inner.apply(parsed(bytes));
                              case Bodies.Body.Refused(HttpResponse why) -> refuse(refusal(why));
                            })));
  }

  private static ObjectNode parsed(byte[] bytes) {
    if (Json.parse(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw new MalformedJson("It is no JSON object.");
  }

  private static Refusal refusal(HttpResponse problem) {
    ObjectNode read =
        problem.entity() instanceof HttpEntity.Strict whole
                && Json.parseAnswer(whole.getData().toArray()) instanceof ObjectNode object
            ? object
            : Json.object();
    return Refusal.of(
        problem.status().intValue(),
        read.path("title").asText("Refused"),
        read.path("detail").asText("The request cannot be read."));
  }

  /// Within it, [#agent] and [#runs] call the agent in the name of the request's sender.
  @Override
  public RouteAdapter extractRequest(Function<HttpRequest, Route> inner) {
    return super.extractRequest(
        request -> AsCaller.during(access.visit(request), () -> inner.apply(request)));
  }

  @Override
  public Route extractMaterializer(Function<Materializer, Route> inner) {
    Visit caller = AsCaller.current();
    return super.extractMaterializer(
        materializer -> AsCaller.during(caller, () -> inner.apply(materializer)));
  }

  @Override
  public <T> RouteAdapter onSuccess(CompletionStage<T> stage, Function<T, Route> inner) {
    Visit caller = AsCaller.current();
    return super.onSuccess(stage, value -> AsCaller.during(caller, () -> inner.apply(value)));
  }

  /// Lets in callers whose scope allows using the session or, with a GET, reading it. Whether the
  /// session is theirs is not checked here: `inner` has to call the agent, which decides that.
  ///
  /// @param inner gets the time until which they may; null for ever
  protected final Route allowed(String sessionId, Function<@Nullable Instant, Route> inner) {
    return extractRequest(
        request -> {
          Scope needed = request.method().equals(HttpMethods.GET) ? Scope.WATCH : Scope.USE;
          return let(caller -> Rules.session(caller, needed, sessionId, Standing.FREE), inner);
        });
  }

  /// Lets in callers who may read the session. Ownership is checked here, too.
  ///
  /// @param inner gets the time until which they may; null for ever
  protected final Route readable(String sessionId, Function<@Nullable Instant, Route> inner) {
    return access.isOpen()
        ? inner.apply(null)
        : extractRequest(
            request ->
                onSuccess(
                    doors.door().admit(access.visit(request), Scope.WATCH, sessionId),
                    verdict -> let(verdict, sessionId, inner)));
  }

  /// Lets in those who may use sessions that the request does not name.
  protected final Route unnamed(Supplier<Route> inner) {
    return let(caller -> Rules.general(caller, Scope.USE, false), until -> inner.get());
  }

  /// For how long somebody may read who may until then; null for ever.
  protected static @Nullable Duration remaining(@Nullable Instant until) {
    return EventStream.until(until, InstantSource.system().instant());
  }

  private Route let(Function<Caller, Verdict> rule, Function<@Nullable Instant, Route> inner) {
    return extractRequest(
        request ->
            switch (access.visit(request)) {
              case Visit.Known(Caller caller, var _) -> let(rule.apply(caller), null, inner);
              case Visit.Refused(Problem problem) -> refuse(refusal(problem));
            });
  }

  private Route let(
      Verdict verdict, @Nullable String sessionId, Function<@Nullable Instant, Route> inner) {
    return verdict instanceof Verdict.Granted(Instant until)
        ? inner.apply(until)
        : refuse(refusal(verdict.problem(sessionId)));
  }

  private static Refusal refusal(Problem problem) {
    Refusal refusal = Refusal.of(problem.status(), problem.title(), problem.detail());
    return problem.status() == 401
        ? refusal.with(new Refusal.Headers(null, null, "Bearer"))
        : refusal;
  }

  private Route methodNotAllowed(List<MethodRejection> rejections) {
    String allow = allow(rejections);
    return refuse(
        Refusal.of(405, "Method not allowed", "This resource answers " + allow + ".")
            .with(new Refusal.Headers(null, allow, null)));
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .match(InvalidField.class, e -> refuse(Refusal.invalid(e.field(), e.detail())))
        .match(MalformedJson.class, e -> refuse(Refusal.of(400, "Malformed JSON", e.detail())))
        .match(Unread.class, e -> refuse(e.why()))
        .match(
            IllegalUriException.class,
            e -> refuse(Refusal.of(400, "Bad request", "The request's URL is not well-formed.")))
        .match(
            TimeoutException.class,
            e -> refuse(Refusal.of(503, "Not available", "The server is too busy.")))
        .matchAny(
            e -> {
              LOG.error("a request of a protocol failed", e);
              return refuse(
                  Refusal.of(
                      500, "Internal error", "The server made a mistake; its log says more."));
            })
        .build();
  }
}
