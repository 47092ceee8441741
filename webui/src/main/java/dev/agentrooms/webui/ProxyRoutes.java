package dev.agentrooms.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.store.PushedStore.Pushed;
import dev.agentrooms.webui.watch.RoomTokens.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The agent's API at the web UI, with access control by room tokens.
final class ProxyRoutes extends TokenEdge {

  private final AgentProxy agent;
  private final PushedRooms pushed;

  ProxyRoutes(WebUiSettings settings, AgentProxy agent, PushedRooms pushed) {
    super(settings.hosts(), settings.watch().tokens());
    this.agent = agent;
    this.pushed = pushed;
  }

  /// Below `/api/agent`.
  Route routes() {
    return concat(
        path("run", () -> post(() -> use(Strangers::started))),
        path("cancel", () -> post(() -> use(Strangers::cancelled))),
        path("notes", () -> get(() -> listable("notes", this::pass))),
        path("answer", () -> post(this::answer)),
        pathPrefix(
            "sessions",
            () ->
                concat(
                    pathEnd(() -> get(() -> listable("them", this::list))),
                    path(
                        PathMatchers.segment(),
                        id ->
                            concat(
                                get(() -> readable(sessionId(id), until -> session(sessionId(id)))),
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

  /// Passes on a request that needs no token. A client without a token for the session only learns
  /// that it was accepted; waiting for the outcome needs a token.
  ///
  /// @param told reduces the answer for such a client
  private Route use(BiFunction<Strangers, HttpResponse, HttpResponse> told) {
    return extractRequest(
        request ->
            anyBody(
                Bodies.MAX_BYTES,
                body -> {
                  if (!tokens.areRequired()) {
                    return completeWithFuture(agent.pass(request, body));
                  }
                  Strangers who = Strangers.of(body);
                  String sessionId = who.sessionId();
                  if (Queries.of(request).has("wait")) {
                    return sessionId == null
                        ? tokenMissing(
                            Problem.of(
                                401,
                                "Unauthorized",
                                "To wait for a run, name its session and have a token."))
                        : readable(
                            sessionId, until -> completeWithFuture(agent.pass(request, body)));
                  }
                  boolean isKnown =
                      sessionId != null
                          && tokens.check(token(request), sessionId) instanceof Verdict.Granted;
                  CompletionStage<HttpResponse> answer = agent.pass(request, body);
                  return completeWithFuture(
                      isKnown ? answer : answer.thenApply(whole -> told.apply(who, whole)));
                }));
  }

  /// Passes on a person's answer. Where rooms need tokens, those may answer who may see what is
  /// asked.
  private Route answer() {
    return anyBody(
        Bodies.MAX_BYTES,
        body -> {
          String sessionId = tokens.areRequired() ? Strangers.of(body).sessionId() : null;
          return sessionId == null && tokens.areRequired()
              ? tokenMissing(
                  Problem.of(401, "Unauthorized", "To answer, name the session and have a token."))
              : sessionId == null ? pass(body) : readable(sessionId, until -> pass(body));
        });
  }

  private Route pass(byte[] body) {
    return extractRequest(request -> completeWithFuture(agent.pass(request, body)));
  }

  // Refused where rooms need tokens: a token is for one room, and a list shows all.
  private Route listable(String what, Supplier<Route> inner) {
    return tokens.areRequired()
        ? problem(
            Problem.of(
                403, "Forbidden", "Where rooms need tokens, there is no list of " + what + "."))
        : inner.get();
  }

  /// The agent's sessions, and the rooms that are filled from outside.
  private Route list() {
    return extractRequest(
        request -> {
          Queries query = Queries.of(request);
          int limit = query.integer("limit", 1, 200, 50);
          return completeWithFuture(
              agent
                  .pass(request, new byte[0])
                  .thenCompose(
                      answer ->
                          answer.status().intValue() == 200
                              ? pushed
                                  .page(limit, query.text("after"), query.text("search"))
                                  .thenApply(more -> with(answer, more, limit))
                              : CompletableFuture.completedFuture(answer)));
        });
  }

  private static HttpResponse with(HttpResponse answer, List<Pushed> more, int limit) {
    return more.isEmpty()
        ? answer
        : answer.withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON,
                Json.encode(PushedRooms.merged(body(answer), more, limit))));
  }

  private static JsonNode body(HttpResponse answer) {
    return answer.entity() instanceof HttpEntity.Strict whole
        ? Json.parseAnswer(whole.getData().toArray())
        : Json.object();
  }

  private Route session(String sessionId) {
    return extractRequest(
        request ->
            completeWithFuture(
                agent
                    .pass(request, new byte[0])
                    .thenCompose(
                        answer ->
                            answer.status().intValue() == 404
                                ? pushed
                                    .find(sessionId)
                                    .thenApply(found -> found.map(ProxyRoutes::json).orElse(answer))
                                : CompletableFuture.completedFuture(answer))));
  }

  private static HttpResponse json(ObjectNode line) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(line)));
  }

  private Route pass() {
    return extractRequest(
        request ->
            anyBody(Bodies.MAX_BYTES, body -> completeWithFuture(agent.pass(request, body))));
  }

  private Route follow(@Nullable Instant until) {
    Duration allowed = until == null ? null : Duration.between(tokens.now(), until);
    return extractRequest(request -> completeWithFuture(agent.pass(request, new byte[0], allowed)));
  }
}
