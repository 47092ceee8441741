package dev.agentrooms.webui;

import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.webui.watch.RoomTokens;
import dev.agentrooms.webui.watch.RoomTokens.Verdict;
import java.time.Instant;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Directives that require a room token, where rooms need one.
abstract class TokenEdge extends Edge {

  final RoomTokens tokens;

  TokenEdge(AllowedHosts hosts, RoomTokens tokens) {
    super(hosts);
    this.tokens = tokens;
  }

  /// Requires a token for the session's room.
  ///
  /// @param inner gets the token's expiry; null for none
  final Route readable(String sessionId, Function<@Nullable Instant, Route> inner) {
    return extractRequest(
        request ->
            switch (tokens.check(token(request), sessionId)) {
              case Verdict.Granted(Instant until) -> inner.apply(until);
              case Verdict.Missing missing ->
                  tokenMissing(
                      Problem.of(401, "Unauthorized", "This room needs a token.")
                          .with("session_id", sessionId));
              case Verdict.Refused(String detail) ->
                  problem(Problem.of(403, "Forbidden", detail).with("session_id", sessionId));
            });
  }

  final Route tokenMissing(Problem problem) {
    return complete(
        Problems.response(problem).addHeader(RawHeader.create("WWW-Authenticate", "Bearer")));
  }

  /// The token from the header or, for clients that cannot set one (EventSource), from the query.
  static @Nullable String token(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(header -> header.value())
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .orElseGet(() -> Queries.of(request).text("token"));
  }
}
