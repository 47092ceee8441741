package dev.agentrooms.agent;

import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a run was asked for. It never changes.
///
/// @param trace the W3C trace that the run belongs to
record RunSpec(
    String runId,
    String sessionId,
    String question,
    @Nullable Integer numQuestions,
    @Nullable Submission submission,
    Instant createdAt,
    Trace trace) {

  static RunSpec of(
      String runId, String sessionId, RunRequest request, Instant createdAt, Trace trace) {
    return new RunSpec(
        runId,
        sessionId,
        request.question(),
        request.numQuestions(),
        request.submission(),
        createdAt,
        trace);
  }
}
