package dev.agentrooms.adapters.openai;

import dev.agentrooms.protocol.RunId;
import dev.agentrooms.protocol.SessionId;
import org.jspecify.annotations.Nullable;

/// A run as OpenAI names it: `session~run`. Neither half can have a tilde.
record ResponseId(String sessionId, String runId) {

  /// @return null when it is no such id
  static @Nullable ResponseId of(String text) {
    int tilde = text.indexOf('~');
    if (tilde < 0) {
      return null;
    }
    ResponseId id = new ResponseId(text.substring(0, tilde), text.substring(tilde + 1));
    return SessionId.isValid(id.sessionId) && RunId.isValid(id.runId) ? id : null;
  }

  @Override
  public String toString() {
    return sessionId + "~" + runId;
  }
}
