package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.CancelRequest;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// The agent's HTTP interface. It translates: requests into what [Sessions] understands, and its
/// replies into answers.
final class AgentRoutes extends Edge {

  private static final String CORRELATION_ID = "X-Correlation-Id";
  private static final Pattern CORRELATION_IDS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final Agents agents;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Meters meters;
  private final BooleanSupplier isReady;
  private final BooleanSupplier isStopping;

  /// @param isStopping whether no more runs are taken on
  AgentRoutes(
      AllowedHosts hosts,
      Agents agents,
      Sessions sessions,
      InstantSource clock,
      Meters meters,
      BooleanSupplier isReady,
      BooleanSupplier isStopping) {
    super(hosts);
    this.agents = agents;
    this.sessions = sessions;
    this.clock = clock;
    this.meters = meters;
    this.isReady = isReady;
    this.isStopping = isStopping;
  }

  Route routes() {
    Route all = all();
    return extractRequest(
        request ->
            correlationId(request)
                .map(
                    id -> respondWithDefaultHeader(RawHeader.create(CORRELATION_ID, id), () -> all))
                .orElse(all));
  }

  private Route all() {
    return sealed(
        concat(health(isReady), metrics(meters)),
        concat(
            documents(),
            pathPrefix(
                PathMatchers.segment("api").slash("agent"),
                () ->
                    concat(
                        path("run", () -> post(this::run)),
                        path("cancel", () -> post(this::cancel)),
                        path("workflows", () -> get(() -> json(200, agents.list()))),
                        pathPrefix("sessions", this::sessions)))));
  }

  private Route sessions() {
    return concat(
        pathEnd(() -> get(() -> extractRequest(this::list))),
        path(
            PathMatchers.segment(),
            segment ->
                concat(
                    get(() -> replied(sessionId(segment), sessions::get)),
                    delete(() -> replied(sessionId(segment), sessions::remove)))),
        path(
            PathMatchers.segment().slash("messages"),
            segment -> get(() -> extractRequest(request -> messages(request, segment)))),
        path(
            PathMatchers.segment().slash("runs").slash(PathMatchers.segment()).slash("events"),
            (segment, run) -> get(() -> extractRequest(request -> events(request, segment, run)))),
        path(
            PathMatchers.segment().slash("runs").slash(PathMatchers.segment()),
            (segment, run) ->
                get(
                    () -> {
                      String runId = SessionId.checked("run_id", run);
                      return replied(sessionId(segment), id -> sessions.getRun(id, runId));
                    })));
  }

  private Route run() {
    return extractRequest(
        request ->
            jsonBody(
                Bodies.MAX_BYTES,
                fields -> {
                  if (isStopping.getAsBoolean()) {
                    return complete(Problems.unavailable("The server stops."));
                  }
                  Duration patience = Queries.of(request).seconds("wait", 1, 300);
                  RunRequest run = RunRequest.from(fields);
                  agents.check(run);
                  String key = IdempotencyKey.of(request);
                  String digest = key == null ? null : Fingerprint.of(key);
                  List<Key> keys = keys(digest, run, fields);
                  String sessionId = sessionId(run, digest);
                  return onSuccess(
                      sessions.run(
                          sessionId,
                          digest,
                          run.runId(),
                          runId -> start(request, run, keys, sessionId, runId)),
                      reply ->
                          reply instanceof SessionReply.Accepted accepted
                              ? accepted(request, sessionId, accepted, patience)
                              : answer(sessionId, reply));
                }));
  }

  /// The same run's id, or key, without a session is the same session, on whatever node it arrives.
  private static String sessionId(RunRequest run, @Nullable String key) {
    if (run.sessionId() != null) {
      return run.sessionId();
    }
    if (run.runId() != null) {
      // No key has a line break, so no key makes the same session.
      return "s-" + Fingerprint.of("run_id\n" + run.runId()).substring(0, 32);
    }
    return "s-" + (key == null ? UUID.randomUUID().toString() : key.substring(0, 32));
  }

  private static List<Key> keys(@Nullable String key, RunRequest run, Fields body) {
    List<Key> keys = new ArrayList<>(2);
    if (key != null || run.runId() != null) {
      String fingerprint = Fingerprint.of(body.node());
      if (key != null) {
        keys.add(new Key(key, fingerprint, run.sessionId() == null));
      }
      if (run.runId() != null) {
        keys.add(new Key(Key.ofRun(run.runId()), fingerprint, true));
      }
    }
    return keys;
  }

  private Route accepted(
      HttpRequest request,
      String sessionId,
      SessionReply.Accepted accepted,
      @Nullable Duration patience) {
    String correlationId = correlationId(request).orElse(accepted.runId());
    return respondWithHeader(
        RawHeader.create(CORRELATION_ID, correlationId),
        () ->
            patience == null ? answer(sessionId, accepted) : await(sessionId, accepted, patience));
  }

  private SessionCommand.Start start(
      HttpRequest request, RunRequest run, List<Key> keys, String sessionId, String runId) {
    String traceparent =
        request.getHeader("traceparent").map(header -> header.value()).orElse(null);
    return new SessionCommand.Start(
        RunSpec.of(
                runId,
                sessionId,
                run,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Trace.from(traceparent))
            .calledBy(Trace.callerSpan(traceparent), correlationId(request).orElse(null)),
        run.onBusy(),
        keys,
        Turn.LATER);
  }

  /// What the caller calls the request, when it says so in a form that we pass on.
  private static Optional<String> correlationId(HttpRequest request) {
    return request
        .getHeader(CORRELATION_ID)
        .map(header -> header.value())
        .filter(id -> CORRELATION_IDS.matcher(id).matches());
  }

  private Route await(String sessionId, SessionReply.Accepted accepted, Duration patience) {
    return onSuccess(
        sessions.await(sessionId, accepted.runId(), patience),
        ended ->
            ended.orElse(accepted) instanceof SessionReply.OneRun run
                ? answer(sessionId, run)
                : answer(sessionId, accepted));
  }

  private Route cancel() {
    return extractRequest(
        request ->
            jsonBody(
                Bodies.MAX_BYTES,
                fields -> {
                  Duration patience = Queries.of(request).seconds("wait", 1, 30);
                  CancelRequest cancel = CancelRequest.from(fields);
                  String sessionId = cancel.sessionId();
                  return onSuccess(
                      sessions.cancel(sessionId, cancel.runId()),
                      reply ->
                          reply instanceof SessionReply.Cancelling cancelling && patience != null
                              ? await(sessionId, cancelling, patience)
                              : answer(sessionId, reply));
                }));
  }

  private Route await(String sessionId, SessionReply.Cancelling cancelling, Duration patience) {
    return onSuccess(
        sessions.await(sessionId, cancelling.runId(), patience),
        ended -> answer(sessionId, SessionViews.cancelled(cancelling, ended.orElse(cancelling))));
  }

  private Route list(HttpRequest request) {
    Queries query = Queries.of(request);
    return json(200, sessions.list(query.integer("limit", 1, 200, 50), query.text("after")));
  }

  private Route messages(HttpRequest request, String segment) {
    Queries query = Queries.of(request);
    Long after = query.number("after", 0, Long.MAX_VALUE);
    int limit = query.integer("limit", 1, 200, 50);
    return replied(
        sessionId(segment), id -> sessions.getMessages(id, after == null ? 0 : after, limit));
  }

  private Route events(HttpRequest request, String segment, String run) {
    String runId = SessionId.checked("run_id", run);
    Queries query = Queries.of(request);
    Long asked = query.strictNumber("after", 0, Long.MAX_VALUE);
    long after = asked == null ? 0 : asked;
    int limit = query.integer("limit", 1, 1000, 200);
    boolean isStream =
        Headers.values(request, "accept").stream()
            .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/event-stream"));
    if (!isStream) {
      return replied(sessionId(segment), id -> sessions.getEvents(id, runId, after, limit));
    }
    return follow(sessionId(segment), runId, RunEventStream.resumed(request).orElse(after));
  }

  private Route follow(String sessionId, String runId, long after) {
    return extractMaterializer(
        materializer -> {
          var live = Source.<Numbered>queue(RunEventStream.ROOM).preMaterialize(materializer);
          return onSuccess(
              sessions.follow(sessionId, runId, after, live.first()),
              reply ->
                  reply instanceof SessionReply.Following(var soFar)
                      ? complete(
                          RunEventStream.of(
                              soFar, live.second().filter(event -> event.n() > after)))
                      : answer(sessionId, reply));
        });
  }

  private Route replied(
      String sessionId, java.util.function.Function<String, CompletionStage<SessionReply>> ask) {
    return onSuccess(ask.apply(sessionId), reply -> answer(sessionId, reply));
  }

  private Route answer(String sessionId, SessionReply reply) {
    return complete(SessionAnswers.of(sessionId, reply));
  }
}
