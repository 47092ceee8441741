package dev.agentrooms.webui;

import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.watch.RoomTokens.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The agent's API at the web UI, with access control by room tokens.
final class ProxyRoutes extends TokenEdge {

  private final AgentProxy agent;

  ProxyRoutes(WebUiSettings settings, AgentProxy agent) {
    super(settings.hosts(), settings.watch().tokens());
    this.agent = agent;
  }

  /// Below `/api/agent`.
  Route routes() {
    return concat(
        path("run", () -> post(() -> use(Strangers::started))),
        path("cancel", () -> post(() -> use(Strangers::cancelled))),
        path("notes", () -> get(() -> listable("notes", this::pass))),
        pathPrefix(
            "sessions",
            () ->
                concat(
                    pathEnd(() -> get(() -> listable("them", this::pass))),
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

  // Refused where rooms need tokens: a token is for one room, and a list shows all.
  private Route listable(String what, Supplier<Route> inner) {
    return tokens.areRequired()
        ? problem(
            Problem.of(
                403, "Forbidden", "Where rooms need tokens, there is no list of " + what + "."))
        : inner.get();
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
