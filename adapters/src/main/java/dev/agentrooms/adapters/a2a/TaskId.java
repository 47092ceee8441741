package dev.agentrooms.adapters.a2a;

import dev.agentrooms.protocol.RunId;
import dev.agentrooms.protocol.SessionId;
import org.jspecify.annotations.Nullable;

/// A task's id, `session~run`: neither id has a tilde.
record TaskId(String sessionId, String runId) {

  /// Null when there can be no such task.
  static @Nullable TaskId of(String id) {
    int between = id.indexOf('~');
    if (between < 0) {
      return null;
    }
    String session = id.substring(0, between);
    String run = id.substring(between + 1);
    return SessionId.isValid(session) && RunId.isValid(run) ? new TaskId(session, run) : null;
  }

  @Override
  public String toString() {
    return sessionId + "~" + runId;
  }
}
