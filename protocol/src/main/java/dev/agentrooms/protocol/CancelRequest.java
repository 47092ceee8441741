package dev.agentrooms.protocol;

import org.jspecify.annotations.Nullable;

/// The body of `POST /api/agent/cancel`.
///
/// @param runId the session's run in flight when absent
public record CancelRequest(String sessionId, @Nullable String runId) {

  /// @throws InvalidField naming the first field that is missing or wrong
  public static CancelRequest from(Fields fields) {
    String runId = fields.optionalText("run_id", 1, SessionId.MAX_LENGTH);
    return new CancelRequest(
        fields.sessionId(), runId == null ? null : SessionId.checked("run_id", runId));
  }
}
