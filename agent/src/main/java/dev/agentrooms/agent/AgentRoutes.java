package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.AnswerRequest;
import dev.agentrooms.protocol.CancelRequest;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.tools.notes.NotesList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The agent's HTTP interface. It translates: requests into what [Sessions] understands, and its
/// replies into answers.
final class AgentRoutes extends Edge {

  private final Agents agents;
  private final @Nullable ModelPlanner planner;
  private final Sessions sessions;
  private final Supplier<NotesList> notes;
  private final InstantSource clock;
  private final Meters meters;
  private final NodeStatus node;
  private final BooleanSupplier isStopping;

  /// @param isStopping whether no more runs are taken on
  AgentRoutes(
      AllowedHosts hosts,
      Agents agents,
      @Nullable ModelPlanner planner,
      Sessions sessions,
      Supplier<NotesList> notes,
      InstantSource clock,
      Meters meters,
      NodeStatus node,
      BooleanSupplier isStopping) {
    super(hosts);
    this.agents = agents;
    this.planner = planner;
    this.sessions = sessions;
    this.notes = notes;
    this.clock = clock;
    this.meters = meters;
    this.node = node;
    this.isStopping = isStopping;
  }

  Route routes() {
    Route all = all();
    return extractRequest(
        request ->
            RunStarts.correlationId(request)
                .map(
                    id ->
                        respondWithDefaultHeader(
                            RawHeader.create(RunStarts.CORRELATION_ID, id), () -> all))
                .orElse(all));
  }

  private Route all() {
    return sealed(
        concat(health(node), metrics(meters)),
        concat(
            documents(),
            pathPrefix(
                PathMatchers.segment("api").slash("agent"),
                () ->
                    concat(
                        path("run", () -> post(this::run)),
                        path("cancel", () -> post(this::cancel)),
                        path("notes", () -> get(() -> json(200, notes.get().json()))),
                        path("answer", () -> post(this::answer)),
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
                    put(() -> replied(sessionId(segment), sessions::open)),
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
                  List<Key> keys = RunStarts.keys(digest, run, fields);
                  String sessionId = RunStarts.sessionId(run, digest);
                  return onSuccess(
                      planned(run)
                          .thenCompose(
                              planned ->
                                  sessions.run(
                                      sessionId,
                                      digest,
                                      run.runId(),
                                      runId ->
                                          RunStarts.start(
                                              request,
                                              planned,
                                              keys,
                                              sessionId,
                                              runId,
                                              clock.instant()))),
                      reply ->
                          reply instanceof SessionReply.Accepted accepted
                              ? accepted(request, sessionId, accepted, patience)
                              : answer(sessionId, reply));
                }));
  }

  private CompletionStage<RunRequest> planned(RunRequest run) {
    return planner == null ? CompletableFuture.completedFuture(run) : planner.plan(run);
  }

  private Route accepted(
      HttpRequest request,
      String sessionId,
      SessionReply.Accepted accepted,
      @Nullable Duration patience) {
    String correlationId = RunStarts.correlationId(request).orElse(accepted.runId());
    return respondWithHeader(
        RawHeader.create(RunStarts.CORRELATION_ID, correlationId),
        () ->
            patience == null ? answer(sessionId, accepted) : await(sessionId, accepted, patience));
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

  private Route answer() {
    return jsonBody(
        Bodies.MAX_BYTES,
        fields -> {
          AnswerRequest answer = AnswerRequest.from(fields);
          return onSuccess(sessions.answer(answer), reply -> answer(answer.sessionId(), reply));
        });
  }

  private Route list(HttpRequest request) {
    Queries query = Queries.of(request);
    return onSuccess(
        sessions
            .list(query.integer("limit", 1, 200, 50), query.text("after"), query.text("search"))
            .<HttpResponse>handle(SessionAnswers::page),
        this::complete);
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
    return onSuccess(
        sessions.getRun(sessionId, runId),
        reply ->
            reply instanceof SessionReply.OneRun
                ? complete(RunEventStream.of(sessions.events(sessionId, runId, after)))
                : answer(sessionId, reply));
  }

  private Route replied(
      String sessionId, java.util.function.Function<String, CompletionStage<SessionReply>> ask) {
    return onSuccess(ask.apply(sessionId), reply -> answer(sessionId, reply));
  }

  private Route answer(String sessionId, SessionReply reply) {
    return complete(SessionAnswers.of(sessionId, reply));
  }
}
