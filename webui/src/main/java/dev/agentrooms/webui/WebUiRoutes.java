package dev.agentrooms.webui;

import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Compression;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.History.Position;
import dev.agentrooms.webui.RoomTokens.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The web UI's HTTP interface: progress in; messages, event streams and sockets out; the page; and
/// what is passed on to the agent. It translates, and decides nothing.
final class WebUiRoutes extends Edge {

  private static final ByteString COMMA = ByteString.fromString(",");

  private final WebUiSettings settings;
  private final InternalToken token;
  private final Rooms rooms;
  private final AgentProxy agent;
  private final OpenSockets open;
  private final Meters meters;
  private final WebUiMetrics metrics;
  private final HandshakeLimit handshakes;
  private final BooleanSupplier isReady;
  private final Page page = new Page();

  WebUiRoutes(
      WebUiSettings settings,
      Rooms rooms,
      AgentProxy agent,
      OpenSockets open,
      Meters meters,
      WebUiMetrics metrics,
      BooleanSupplier isReady) {
    super(settings.hosts());
    this.settings = settings;
    this.token = settings.internalToken();
    this.rooms = rooms;
    this.agent = agent;
    this.open = open;
    this.meters = meters;
    this.metrics = metrics;
    this.handshakes = new HandshakeLimit(settings.socket().handshakes(), System::nanoTime);
    this.isReady = isReady;
  }

  Route routes() {
    Route routes =
        sealed(
            concat(health(() -> isReady.getAsBoolean() && !open.isClosing()), metrics(meters)),
            concat(
                documents(),
                path("ws", () -> get(() -> extractRequest(this::handshake))),
                pathPrefix(
                    "api",
                    () ->
                        concat(
                            path("messages", () -> get(() -> extractRequest(this::messages))),
                            path("events", () -> get(() -> extractRequest(this::events))),
                            pathPrefix("agent", this::agent))),
                pathSingleSlash(() -> file("index.html")),
                pathPrefix("page", () -> path(PathMatchers.remaining(), this::file))));
    return mapResponse(SecurityHeaders::on, () -> routes);
  }

  private Route file(String path) {
    return extractRequest(
        request ->
            page.answer(request, path)
                .map(answer -> get(() -> complete(answer)))
                .orElseGet(this::reject));
  }

  private Route agent() {
    return concat(
        path("progress", () -> post(() -> authorized(this::progress))),
        path("run", () -> post(() -> use(Strangers::started))),
        path("cancel", () -> post(() -> use(Strangers::cancelled))),
        pathPrefix(
            "sessions",
            () ->
                concat(
                    pathEnd(() -> get(() -> listable(this::pass))),
                    path(
                        PathMatchers.segment(),
                        id ->
                            concat(
                                get(() -> readable(sessionId(id), until -> pass())),
                                delete(() -> readable(sessionId(id), until -> pass())))),
                    path(
                        PathMatchers.segment().slash("messages"),
                        id -> get(() -> readable(sessionId(id), until -> pass()))),
                    path(
                        PathMatchers.segment()
                            .slash("runs")
                            .slash(PathMatchers.segment())
                            .slash("events"),
                        (id, run) ->
                            get(
                                () -> {
                                  SessionId.checked("run_id", run);
                                  return readable(sessionId(id), this::follow);
                                })),
                    path(
                        PathMatchers.segment().slash("runs").slash(PathMatchers.segment()),
                        (id, run) ->
                            get(
                                () -> {
                                  SessionId.checked("run_id", run);
                                  return readable(sessionId(id), until -> pass());
                                })))));
  }

  /// For those who may read the session's room.
  ///
  /// @param inner takes when they may no longer, which is null for never
  private Route readable(String sessionId, Function<@Nullable Instant, Route> inner) {
    return extractRequest(
        request ->
            switch (settings.roomTokens().check(token(request), sessionId)) {
              case Verdict.Granted(Instant until) -> inner.apply(until);
              case Verdict.Missing missing -> tokenMissing(sessionId);
              case Verdict.Refused(String detail) ->
                  problem(Problem.of(403, "Forbidden", detail).with("session_id", sessionId));
            });
  }

  private Route tokenMissing(@Nullable String sessionId) {
    Problem problem =
        sessionId == null
            ? Problem.of(
                401, "Unauthorized", "To wait for a run, name its session and have a token.")
            : Problem.of(401, "Unauthorized", "This room needs a token.")
                .with("session_id", sessionId);
    return complete(
        Problems.response(problem).addHeader(RawHeader.create("WWW-Authenticate", "Bearer")));
  }

  /// Passes on what needs no token, and tells whoever has none for the session only that it was
  /// taken up. Who wants to wait for what becomes of it needs one.
  ///
  /// @param told what of the answer is for them
  private Route use(BiFunction<Strangers, HttpResponse, HttpResponse> told) {
    return extractRequest(
        request ->
            anyBody(
                Bodies.MAX_BYTES,
                body -> {
                  if (!settings.roomTokens().areRequired()) {
                    return completeWithFuture(agent.pass(request, body));
                  }
                  Strangers who = Strangers.of(body);
                  String sessionId = who.sessionId();
                  if (Queries.of(request).has("wait")) {
                    return sessionId == null
                        ? tokenMissing(null)
                        : readable(
                            sessionId, until -> completeWithFuture(agent.pass(request, body)));
                  }
                  boolean isKnown =
                      sessionId != null
                          && settings.roomTokens().check(token(request), sessionId)
                              instanceof Verdict.Granted;
                  CompletionStage<HttpResponse> answer = agent.pass(request, body);
                  return completeWithFuture(
                      isKnown ? answer : answer.thenApply(whole -> told.apply(who, whole)));
                }));
  }

  // A token opens one room, and a list shows them all.
  private Route listable(Supplier<Route> inner) {
    return settings.roomTokens().areRequired()
        ? problem(
            Problem.of(403, "Forbidden", "Where rooms need tokens, there is no list of them."))
        : inner.get();
  }

  /// From the header or, for those who cannot set one, from the query.
  private static @Nullable String token(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(header -> header.value())
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .orElseGet(() -> Queries.of(request).text("token"));
  }

  private Route pass() {
    return extractRequest(
        request ->
            anyBody(Bodies.MAX_BYTES, body -> completeWithFuture(agent.pass(request, body))));
  }

  private Route follow(@Nullable Instant until) {
    Duration allowed = until == null ? null : Duration.between(settings.roomTokens().now(), until);
    return extractRequest(request -> completeWithFuture(agent.pass(request, new byte[0], allowed)));
  }

  private Route authorized(Supplier<Route> inner) {
    return extractRequest(
        request -> {
          Optional<String> given = request.getHeader("X-Internal-Token").map(h -> h.value());
          if (token.isGranted(given.orElse(null))) {
            return inner.get();
          }
          return problem(
              given.isEmpty()
                  ? Problem.of(401, "Unauthorized", "The header X-Internal-Token is missing.")
                  : Problem.of(403, "Forbidden", "X-Internal-Token is wrong."));
        });
  }

  private Route progress() {
    return jsonBody(
        ProgressEvent.MAX_BYTES,
        fields -> onSuccess(rooms.publish(ProgressEvent.from(fields)), ack -> json(200, ack)));
  }

  private Route messages(HttpRequest request) {
    Queries query = Queries.of(request);
    String sessionId = SessionId.checked("session_id", query.required("session_id"));
    Long after = query.number("after", 0, Long.MAX_VALUE);
    int limit = query.integer("limit", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    return readable(
        sessionId,
        until ->
            onSuccess(
                rooms.read(sessionId, after == null ? 0 : after, limit),
                retained -> complete(page(sessionId, retained))));
  }

  // The events are JSON already; only what stands around them is written here.
  private static HttpResponse page(String sessionId, Room.Retained retained) {
    byte[] front =
        Json.encode(
            Json.object()
                .put("session_id", sessionId)
                .put("epoch", retained.epoch())
                .put("first_seq", retained.firstSeq())
                .put("last_seq", retained.lastSeq()));
    ByteString body =
        ByteString.fromArray(front, 0, front.length - 1)
            .concat(ByteString.fromString(",\"messages\":["));
    boolean first = true;
    for (RoomEvent event : retained.events()) {
      body = first ? body.concat(event.json()) : body.concat(COMMA).concat(event.json());
      first = false;
    }
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, body.concat(ByteString.fromString("]}"))));
  }

  private Route events(HttpRequest request) {
    Queries query = Queries.of(request);
    String sessionId = SessionId.checked("session_id", query.required("session_id"));
    Position position = Positions.of(request, query);
    return readable(
        sessionId,
        until ->
            onSuccess(
                rooms.isOpen(sessionId),
                isOpen ->
                    isOpen
                        ? stream(request, sessionId, position, until)
                        : tooManyEmpty(sessionId)));
  }

  private Route tooManyEmpty(String sessionId) {
    return complete(
        Problems.response(
                Problem.of(
                        503,
                        "Not available",
                        "Too many rooms without an event are watched already.")
                    .with("session_id", sessionId))
            .addHeader(RawHeader.create("Retry-After", "5")));
  }

  private Route stream(
      HttpRequest request, String sessionId, @Nullable Position position, @Nullable Instant until) {
    boolean gzips = Compression.asksForGzip(request);
    return stream(
        gzips,
        new RoomEvents(
            rooms,
            sessionId,
            position,
            settings.eventsKeepAlive(),
            until == null ? null : Duration.between(settings.roomTokens().now(), until),
            Loop.of(request),
            gzips,
            open,
            metrics));
  }

  private Route stream(boolean gzips, RoomEvents stream) {
    HttpResponse response = HttpResponse.create().addHeader(Compression.VARY);
    return complete(
        (gzips ? response.addHeader(Compression.GZIPPED) : response)
            .addHeader(RawHeader.create("Cache-Control", "no-store"))
            // A proxy that collects answers would hold the events back.
            .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
            .withEntity(
                HttpEntities.createChunked(
                    MediaTypes.TEXT_EVENT_STREAM.toContentType(), Source.fromGraph(stream))));
  }

  private Route handshake(HttpRequest request) {
    HttpResponse answer = socket(request);
    metrics.handshake(answer.status().intValue());
    return complete(answer);
  }

  private HttpResponse socket(HttpRequest request) {
    return switch (Handshake.of(request)) {
      case Handshake.Refused(int status, String detail, var headers) ->
          Problems.response(
                  Problem.of(status, status == 426 ? "Upgrade required" : "Bad request", detail))
              .addHeaders(headers);
      case Handshake.Accepted accepted ->
          settings.allowedOrigins().allows(request)
              ? admitted(request, accepted)
              : Problems.response(
                  Problem.of(403, "Forbidden", "This Origin may not open a socket."));
    };
  }

  private HttpResponse admitted(HttpRequest request, Handshake.Accepted accepted) {
    if (open.isClosing()) {
      return Problems.unavailable("The server stops.");
    }
    boolean isWithinRate =
        request
            .getAttribute(AttributeKeys.remoteAddress)
            .flatMap(RemoteAddress::getAddress)
            .map(handshakes::take)
            .orElse(true);
    return isWithinRate
        ? accepted.response(
            new RoomSocket(
                rooms,
                settings.socket(),
                settings.roomTokens(),
                Loop.of(request),
                accepted.deflates(),
                open,
                metrics))
        : Problems.unavailable("Too many handshakes from this address.");
  }
}
