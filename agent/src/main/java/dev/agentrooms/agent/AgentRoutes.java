package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.protocol.AnswerRequest;
import dev.agentrooms.protocol.CancelRequest;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.protocol.SessionTitle;
import dev.agentrooms.store.SessionStore.Which;
import dev.agentrooms.tools.notes.NotesList;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// The agent's HTTP interface. It translates: requests into what [Sessions] understands, and its
/// replies into answers.
final class AgentRoutes extends GuardedEdge {

  private final Agents agents;
  private final @Nullable ModelPlanner planner;
  private final Sessions sessions;
  private final Overview overview;
  private final Supplier<NotesList> notes;
  private final InstantSource clock;
  private final Meters meters;
  private final NodeStatus node;
  private final BooleanSupplier isStopping;
  private final Links links;

  /// @param isStopping whether no more runs are taken on
  AgentRoutes(
      AllowedHosts hosts,
      Access access,
      Links links,
      Agents agents,
      @Nullable ModelPlanner planner,
      Sessions sessions,
      Overview overview,
      Supplier<NotesList> notes,
      InstantSource clock,
      Meters meters,
      NodeStatus node,
      BooleanSupplier isStopping) {
    super(hosts, access);
    this.links = links;
    this.agents = agents;
    this.planner = planner;
    this.sessions = sessions;
    this.overview = overview;
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
            identified(pathPrefix(PathMatchers.segment("api").slash("agent"), () -> api()))));
  }

  private Route api() {
    return concat(
        path("run", () -> post(() -> called(this::run))),
        path("cancel", () -> post(() -> called(this::cancel))),
        path("notes", () -> get(() -> general(false, () -> json(200, notes.get().json())))),
        path("answer", () -> post(() -> called(this::answer))),
        path("overview", () -> get(() -> called(this::overview))),
        path("links", () -> post(() -> called(this::link))),
        path("workflows", () -> get(() -> general(true, () -> json(200, agents.list())))),
        pathPrefix("sessions", this::sessions));
  }

  private Route sessions() {
    return concat(
        pathEnd(() -> get(() -> called(this::list))),
        path(
            PathMatchers.segment(),
            segment ->
                concat(
                    get(() -> replied(Scope.WATCH, segment, (own, id) -> own.get(id))),
                    put(() -> called(caller -> opened(caller, sessionId(segment)))),
                    patch(() -> called(caller -> name(caller, sessionId(segment)))),
                    delete(() -> replied(Scope.USE, segment, (own, id) -> own.remove(id))))),
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
                      return replied(Scope.WATCH, segment, (own, id) -> own.getRun(id, runId));
                    })));
  }

  /// For operators.
  private Route overview(Caller caller) {
    Verdict verdict = Rules.general(caller, Scope.ADMIN, false);
    return verdict instanceof Verdict.Granted
        ? onSuccess(overview.json(), all -> json(200, all))
        : complete(refused(verdict.problem(null)));
  }

  /// Something of no session in particular.
  ///
  /// @param forLinks whether the holders of links may have it
  private Route general(boolean forLinks, Supplier<Route> inner) {
    return called(
        caller ->
            Rules.general(caller, Scope.WATCH, forLinks) instanceof Verdict.Granted
                ? inner.get()
                : complete(refused(Rules.general(caller, Scope.WATCH, forLinks).problem(null))));
  }

  /// Something of one session. Whether it is the caller's, the session says itself.
  private Route allowed(
      Caller caller, Scope needed, String sessionId, Function<Sessions, Route> inner) {
    Verdict verdict = Rules.session(caller, needed, sessionId, Standing.FREE);
    return verdict instanceof Verdict.Granted
        ? inner.apply(sessions.as(caller.limitedTo()))
        : complete(refused(verdict.problem(sessionId)));
  }

  private Route run(Caller caller) {
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
                  if (run.sessionId() == null
                      && !(Rules.general(caller, Scope.USE, false) instanceof Verdict.Granted)) {
                    return complete(refused(Rules.general(caller, Scope.USE, false).problem(null)));
                  }
                  agents.check(run);
                  String user = caller.owner();
                  String key = IdempotencyKey.of(request);
                  String digest = key == null ? null : RunStarts.digest(key, user);
                  String sessionId = RunStarts.sessionId(run, digest, user);
                  List<Key> keys = RunStarts.keys(digest, run, fields, user);
                  return allowed(
                      caller,
                      Scope.USE,
                      sessionId,
                      own -> started(request, own, run, sessionId, digest, keys, user, patience));
                }));
  }

  private Route started(
      HttpRequest request,
      Sessions own,
      RunRequest run,
      String sessionId,
      @Nullable String digest,
      List<Key> keys,
      @Nullable String user,
      @Nullable Duration patience) {
    return onSuccess(
        planned(run)
            .thenCompose(
                planned ->
                    own.run(
                        sessionId,
                        digest,
                        run.runId(),
                        runId ->
                            RunStarts.start(
                                request, planned, keys, sessionId, runId, user, clock.instant()))),
        reply ->
            reply instanceof SessionReply.Accepted accepted
                ? accepted(request, sessionId, accepted, patience)
                : answer(sessionId, reply));
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

  private Route cancel(Caller caller) {
    return extractRequest(
        request ->
            jsonBody(
                Bodies.MAX_BYTES,
                fields -> {
                  Duration patience = Queries.of(request).seconds("wait", 1, 30);
                  CancelRequest cancel = CancelRequest.from(fields);
                  String sessionId = cancel.sessionId();
                  return allowed(
                      caller,
                      Scope.USE,
                      sessionId,
                      own ->
                          onSuccess(
                              own.cancel(sessionId, cancel.runId()),
                              reply ->
                                  reply instanceof SessionReply.Cancelling cancelling
                                          && patience != null
                                      ? await(sessionId, cancelling, patience)
                                      : answer(sessionId, reply)));
                }));
  }

  private Route await(String sessionId, SessionReply.Cancelling cancelling, Duration patience) {
    return onSuccess(
        sessions.await(sessionId, cancelling.runId(), patience),
        ended -> answer(sessionId, SessionViews.cancelled(cancelling, ended.orElse(cancelling))));
  }

  private Route answer(Caller caller) {
    return jsonBody(
        Bodies.MAX_BYTES,
        fields -> {
          AnswerRequest answer = AnswerRequest.from(fields);
          return allowed(
              caller,
              Scope.USE,
              answer.sessionId(),
              own -> onSuccess(own.answer(answer), reply -> answer(answer.sessionId(), reply)));
        });
  }

  private Route list(Caller caller) {
    return extractRequest(
        request -> {
          Queries query = Queries.of(request);
          Which which =
              new Which(
                  query.text("search"),
                  caller.limitedTo(),
                  caller instanceof Caller.Link link ? link.sessionId() : null);
          return onSuccess(
              sessions
                  .list(query.integer("limit", 1, 200, 50), query.text("after"), which)
                  .<HttpResponse>handle(SessionAnswers::page),
              this::complete);
        });
  }

  private Route opened(Caller caller, String sessionId) {
    return allowed(
        caller,
        Scope.USE,
        sessionId,
        own -> onSuccess(own.open(sessionId, caller.owner()), reply -> answer(sessionId, reply)));
  }

  private Route link(Caller caller) {
    return jsonBody(
        Bodies.MAX_BYTES,
        fields -> {
          LinkRequest link = LinkRequest.from(fields);
          String sessionId = link.sessionId();
          if (Rules.link(caller, link.scope()) instanceof Verdict.Granted) {
            return allowed(
                caller,
                Scope.USE,
                sessionId,
                own ->
                    onSuccess(
                        own.get(sessionId),
                        reply ->
                            reply instanceof SessionReply.Session || caller instanceof Caller.Link
                                ? complete(links.answer(caller, link))
                                : answer(sessionId, reply)));
          }
          return complete(refused(Rules.link(caller, link.scope()).problem(sessionId)));
        });
  }

  private Route name(Caller caller, String sessionId) {
    return allowed(
        caller,
        Scope.USE,
        sessionId,
        own ->
            jsonBody(
                Bodies.MAX_BYTES,
                fields -> {
                  String title = SessionTitle.from(fields).title();
                  return onSuccess(own.name(sessionId, title), reply -> answer(sessionId, reply));
                }));
  }

  private Route messages(HttpRequest request, String segment) {
    Queries query = Queries.of(request);
    Long after = query.number("after", 0, Long.MAX_VALUE);
    int limit = query.integer("limit", 1, 200, 50);
    return replied(
        Scope.WATCH, segment, (own, id) -> own.getMessages(id, after == null ? 0 : after, limit));
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
      return replied(Scope.WATCH, segment, (own, id) -> own.getEvents(id, runId, after, limit));
    }
    String sessionId = sessionId(segment);
    return called(
        sessionId,
        caller ->
            allowed(
                caller,
                Scope.WATCH,
                sessionId,
                own ->
                    follow(
                        own,
                        sessionId,
                        runId,
                        RunEventStream.resumed(request).orElse(after),
                        caller.expiry())));
  }

  private Route follow(
      Sessions own, String sessionId, String runId, long after, @Nullable Instant until) {
    return onSuccess(
        own.getRun(sessionId, runId),
        reply ->
            reply instanceof SessionReply.OneRun
                ? complete(RunEventStream.of(limited(own.events(sessionId, runId, after), until)))
                : answer(sessionId, reply));
  }

  /// @param until when the token expires that opened it; null for never
  private <T> Source<T, NotUsed> limited(Source<T, NotUsed> events, @Nullable Instant until) {
    return until == null ? events : events.takeWithin(Duration.between(access.now(), until));
  }

  private Route replied(
      Scope needed,
      String segment,
      BiFunction<Sessions, String, CompletionStage<SessionReply>> ask) {
    String sessionId = sessionId(segment);
    return called(
        sessionId,
        caller ->
            allowed(
                caller,
                needed,
                sessionId,
                own -> onSuccess(ask.apply(own, sessionId), reply -> answer(sessionId, reply))));
  }

  private Route answer(String sessionId, SessionReply reply) {
    return complete(SessionAnswers.of(sessionId, reply));
  }
}
