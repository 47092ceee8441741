package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run as `GET /api/agent/sessions/{id}/runs/{run_id}` shows it.
///
/// @param intent `create_quiz`, `evaluate` or `answer`, once determined
/// @param result what the last tool answered, when the run succeeded
/// @param error why it failed or was cancelled, in words
public record RunView(
    String runId,
    String sessionId,
    String question,
    RunStatus status,
    @Nullable String intent,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable JsonNode result,
    @Nullable String error,
    List<Timing> steps) {

  public RunView {
    steps = List.copyOf(steps);
  }

  /// Where a run is read.
  public static String path(String sessionId, String runId) {
    return "/api/agent/sessions/" + sessionId + "/runs/" + runId;
  }

  /// @param at when the step was seen
  /// @param durationMs how long it took until the next one, absent while it is the latest
  public record Timing(String step, Instant at, @Nullable Long durationMs) {}
}
