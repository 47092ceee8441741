package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.protocol.SessionTitle;
import dev.agentrooms.store.SessionStore.Which;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// What is below `/api/agent/sessions`: sessions, their conversations, their runs and these runs'
/// events.
final class SessionRoutes extends SessionEdge {

  SessionRoutes(AllowedHosts hosts, Access access, Sessions sessions) {
    super(hosts, access, sessions);
  }

  Route routes() {
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
}
