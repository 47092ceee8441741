package dev.agentrooms.http.access;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Problem;
import java.time.Instant;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Directives that find out who sends a request, and refuse.
public abstract class GuardedEdge extends Edge {

  protected final Access access;

  protected GuardedEdge(AllowedHosts hosts, Access access) {
    super(hosts);
    this.access = access;
  }

  /// Finds out who sends a request, for all routes within, and writes the audit log.
  protected final Route identified(Route routes) {
    return access.isOpen()
        ? routes
        : extractRequest(
            request ->
                onSuccess(
                    access.identify(request),
                    visit ->
                        mapResponse(
                            response -> Audit.answered(request, visit, response, access),
                            () ->
                                mapRequest(
                                    whole -> whole.addAttribute(Visit.KEY, visit), () -> routes))));
  }

  /// Goes on with a caller that can be told.
  protected final Route called(Function<Caller, Route> inner) {
    return called(null, inner);
  }

  /// @param sessionId the session that the request is about; null for none
  protected final Route called(@Nullable String sessionId, Function<Caller, Route> inner) {
    return extractRequest(
        request ->
            switch (access.visit(request)) {
              case Visit.Known(Caller caller, var _) -> inner.apply(caller);
              case Visit.Refused(Problem problem) ->
                  complete(
                      refused(sessionId == null ? problem : problem.with("session_id", sessionId)));
            });
  }

  /// Goes on if the caller may, and otherwise says why not.
  ///
  /// @param sessionId the session that the request is about; null for none
  /// @param inner gets the time until which they may; null for ever
  protected final Route granted(
      Verdict verdict, @Nullable String sessionId, Function<@Nullable Instant, Route> inner) {
    return verdict instanceof Verdict.Granted(Instant until)
        ? inner.apply(until)
        : complete(refused(verdict.problem(sessionId)));
  }

  /// The answer that says a problem of access.
  public static HttpResponse refused(Problem problem) {
    HttpResponse response = Problems.response(problem);
    return switch (problem.status()) {
      case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
      case 503 -> response.addHeader(RawHeader.create("Retry-After", "2"));
      default -> response;
    };
  }
}
