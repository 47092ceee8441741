package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of `GET /api/agent/sessions`, newest activity first.
///
/// @param next what to pass as `after` for the page behind this one; absent on the last
public record SessionPage(List<Entry> sessions, @Nullable String next) {

  public SessionPage {
    sessions = List.copyOf(sessions);
  }

  /// One line of the list.
  ///
  /// @param run the run whose turn it is, `null` when there is none
  /// @param lastRun the run that ended last
  public record Entry(
      String sessionId,
      SessionView.Status status,
      Instant createdAt,
      Instant lastActiveAt,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable RunSummary run,
      @Nullable RunSummary lastRun,
      int queued) {}

  /// @param question its first 200 characters
  public record RunSummary(String runId, String question, RunStatus status) {}
}
