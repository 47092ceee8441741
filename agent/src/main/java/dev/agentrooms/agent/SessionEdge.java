package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Scope;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.Route;

/// Directives for what is about one session.
abstract class SessionEdge extends GuardedEdge {

  protected final Sessions sessions;

  SessionEdge(AllowedHosts hosts, Access access, Sessions sessions) {
    super(hosts, access);
    this.sessions = sessions;
  }

  /// Something of one session. Whether it is the caller's, the session says itself.
  final Route allowed(
      Caller caller, Scope needed, String sessionId, Function<Sessions, Route> inner) {
    return granted(
        Rules.session(caller, needed, sessionId, Standing.FREE),
        sessionId,
        until -> inner.apply(sessions.as(caller.limitedTo())));
  }

  final Route answer(String sessionId, SessionReply reply) {
    return complete(SessionAnswers.of(sessionId, reply));
  }
}
