package dev.agentrooms.agent;

import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.protocol.AnswerRequest;
import dev.agentrooms.protocol.CancelRequest;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.tools.notes.NotesList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The agent's HTTP interface. It translates: requests into what [Sessions] understands, and its
/// replies into answers. What is below `/api/agent/sessions` is in [SessionRoutes].
final class AgentRoutes extends SessionEdge {

  private final Agents agents;
  private final @Nullable ModelPlanner planner;
  private final SessionRoutes ofSessions;
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
    super(hosts, access, sessions);
    this.links = links;
    this.agents = agents;
    this.planner = planner;
    this.ofSessions = new SessionRoutes(hosts, access, sessions);
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
        path(
            "notes",
            () -> get(() -> general(Scope.WATCH, false, () -> json(200, notes.get().json())))),
        path("answer", () -> post(() -> called(this::answer))),
        path(
            "overview",
            () ->
                get(
                    () ->
                        general(
                            Scope.ADMIN,
                            false,
                            () -> onSuccess(overview.json(), all -> json(200, all))))),
        path("links", () -> post(() -> called(this::link))),
        path(
            "workflows",
            () -> get(() -> general(Scope.WATCH, true, () -> json(200, agents.list())))),
        pathPrefix("sessions", ofSessions::routes));
  }

  /// Something of no session in particular.
  ///
  /// @param forLinks whether the holders of links may have it
  private Route general(Scope needed, boolean forLinks, Supplier<Route> inner) {
    return called(
        caller -> granted(Rules.general(caller, needed, forLinks), null, until -> inner.get()));
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
                  Verdict unnamed = Rules.general(caller, Scope.USE, false);
                  if (run.sessionId() == null && !(unnamed instanceof Verdict.Granted)) {
                    return complete(refused(unnamed.problem(null)));
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
                                request,
                                planned,
                                keys,
                                sessionId,
                                runId,
                                user,
                                access.from(request).orElse(null),
                                clock.instant()))),
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

  private Route link(Caller caller) {
    return jsonBody(
        Bodies.MAX_BYTES,
        fields -> {
          LinkRequest link = LinkRequest.from(fields);
          String sessionId = link.sessionId();
          return granted(
              Rules.link(caller, link.scope()),
              sessionId,
              until ->
                  allowed(
                      caller,
                      Scope.USE,
                      sessionId,
                      own ->
                          onSuccess(
                              own.get(sessionId),
                              reply ->
                                  switch (reply) {
                                    case SessionReply.Session(var _, String owner) ->
                                        complete(links.answer(caller, link, owner));
                                    case SessionReply other when caller instanceof Caller.Link ->
                                        complete(links.answer(caller, link, null));
                                    case SessionReply other -> answer(sessionId, other);
                                  })));
        });
  }
}
