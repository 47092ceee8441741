package dev.agentrooms.webui.watch;

import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Verdict;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.SessionId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Who may read a room. A link says itself which one it opens; whose a session is, the agent knows,
/// and is asked.
///
/// @param owners knows whose sessions are
public record RoomDoor(Access access, Owners owners) {

  /// Knows whose sessions are.
  public interface Owners {
    /// @param visit of somebody who only sees what is this user's
    CompletionStage<Standing> standing(Visit visit, String user, String sessionId);
  }

  public CompletionStage<Verdict> admit(Visit visit, Scope needed, String sessionId) {
    if (visit instanceof Visit.Known(Caller caller, var _)) {
      String user = Rules.owner(caller, needed, sessionId);
      if (user != null && SessionId.isValid(sessionId)) {
        return owners
            .standing(visit, user, sessionId)
            .thenApply(standing -> Rules.session(caller, needed, sessionId, standing));
      }
    }
    return CompletableFuture.completedFuture(ownerless(visit, needed, sessionId));
  }

  /// On what has a name as sessions have, and belongs to no user.
  public Verdict ownerless(Visit visit, Scope needed, String name) {
    return switch (visit) {
      case Visit.Refused(var problem) ->
          problem.status() == 401
              ? new Verdict.Unauthorized(problem.detail())
              : new Verdict.Forbidden(problem.detail());
      case Visit.Known(Caller caller, var _) ->
          Rules.session(caller, needed, name, Standing.NOT_THEIRS);
    };
  }
}
