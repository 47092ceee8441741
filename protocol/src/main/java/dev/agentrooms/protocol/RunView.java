package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run as `GET /api/agent/sessions/{id}/runs/{run_id}` shows it.
///
/// @param intent `create_quiz`, `evaluate` or `answer`, or a declared workflow's name, once
///     determined
/// @param result the result, when the run succeeded
/// @param error the error text, when it failed or was cancelled
/// @param meta what the request said about the run; absent when it said nothing
/// @param waitingFor what it waits for; `null` when it waits for nobody
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
    @Nullable RunMeta meta,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable InputView waitingFor,
    List<Timing> steps) {

  public RunView {
    steps = List.copyOf(steps);
  }

  /// The path of a run's view.
  public static String path(String sessionId, String runId) {
    return "/api/agent/sessions/" + sessionId + "/runs/" + runId;
  }

  /// @param at when the step was seen
  /// @param durationMs time until the next event; absent for the latest
  public record Timing(String step, Instant at, @Nullable Long durationMs) {}
}
