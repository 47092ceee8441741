package dev.agentrooms.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.protocol.SessionTitle;
import dev.agentrooms.store.PushedStore.Pushed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// The agent's API at the web UI. The agent decides who may do what; here are added the rooms that
/// are filled from outside, for those who see all.
final class ProxyRoutes extends GuardedEdge {

  private final AgentProxy agent;
  private final PushedRooms pushed;

  ProxyRoutes(WebUiSettings settings, Access access, AgentProxy agent, PushedRooms pushed) {
    super(settings.hosts(), access);
    this.agent = agent;
    this.pushed = pushed;
  }

  /// Below `/api/agent`.
  Route routes() {
    return concat(
        path("run", () -> post(() -> called(this::pass))),
        path("cancel", () -> post(() -> called(this::pass))),
        path("answer", () -> post(() -> called(this::pass))),
        path("links", () -> post(() -> called(this::pass))),
        path("notes", () -> get(() -> called(this::pass))),
        pathPrefix("sessions", this::sessions));
  }

  private Route sessions() {
    return concat(
        pathEnd(() -> get(() -> called(this::list))),
        path(
            PathMatchers.segment(),
            id ->
                concat(
                    get(() -> of(id, caller -> session(caller, sessionId(id)))),
                    patch(() -> of(id, caller -> name(caller, sessionId(id)))),
                    delete(() -> of(id, caller -> remove(caller, sessionId(id)))))),
        path(PathMatchers.segment().slash("messages"), id -> get(() -> of(id, this::pass))),
        path(
            PathMatchers.segment().slash("runs").slash(PathMatchers.segment()).slash("events"),
            (id, run) -> get(() -> of(id, run, caller -> follow(caller.expiry())))),
        path(
            PathMatchers.segment().slash("runs").slash(PathMatchers.segment()),
            (id, run) -> get(() -> of(id, run, this::pass))));
  }

  private Route of(String id, Function<Caller, Route> inner) {
    return called(sessionId(id), inner);
  }

  private Route of(String id, String run, Function<Caller, Route> inner) {
    SessionId.checked("run_id", run);
    return of(id, inner);
  }

  private Route pass(Caller caller) {
    return extractRequest(
        request ->
            anyBody(Bodies.MAX_BYTES, body -> completeWithFuture(agent.pass(request, body))));
  }

  /// The agent's sessions, and the rooms that are filled from outside.
  private Route list(Caller caller) {
    if (!caller.seesAll()) {
      return pass(caller);
    }
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

  private Route session(Caller caller, String sessionId) {
    if (caller.limitedTo() != null) {
      return pass(caller);
    }
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

  private Route name(Caller caller, String sessionId) {
    if (!caller.seesAll()) {
      return pass(caller);
    }
    return extractRequest(
        request ->
            anyBody(
                Bodies.MAX_BYTES,
                body ->
                    completeWithFuture(
                        agent
                            .pass(request, body)
                            .thenCompose(
                                answer ->
                                    // It has read the body by then.
                                    answer.status().intValue() == 404
                                        ? nameRoom(
                                            sessionId,
                                            SessionTitle.from(Fields.of(Json.parse(body))),
                                            answer)
                                        : CompletableFuture.completedFuture(answer)))));
  }

  private CompletionStage<HttpResponse> nameRoom(
      String sessionId, SessionTitle title, HttpResponse unknown) {
    return pushed
        .name(sessionId, title.title())
        .thenApply(
            isThere ->
                isThere
                    ? json(Json.object().put("session_id", sessionId).put("title", title.title()))
                    : unknown);
  }

  /// Deletes the session, and the line of a room that others have filled.
  private Route remove(Caller caller, String sessionId) {
    if (!caller.seesAll()) {
      return pass(caller);
    }
    return extractRequest(
        request ->
            completeWithFuture(
                agent
                    .pass(request, new byte[0])
                    .thenCompose(
                        answer ->
                            switch (answer.status().intValue()) {
                              case 204, 404 -> removeRoom(sessionId, answer);
                              default -> CompletableFuture.completedFuture(answer);
                            })));
  }

  private CompletionStage<HttpResponse> removeRoom(String sessionId, HttpResponse answer) {
    return pushed
        .remove(sessionId)
        .thenApply(
            wasThere ->
                wasThere ? HttpResponse.create().withStatus(StatusCodes.NO_CONTENT) : answer);
  }

  private static HttpResponse json(ObjectNode line) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(line)));
  }

  private Route follow(@Nullable Instant until) {
    Duration allowed = until == null ? null : Duration.between(access.now(), until);
    return extractRequest(request -> completeWithFuture(agent.pass(request, new byte[0], allowed)));
  }
}
