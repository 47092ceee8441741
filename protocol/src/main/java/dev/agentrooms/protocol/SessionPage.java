package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of `GET /api/agent/sessions`, latest activity first.
///
/// @param next the `after` of the next page; absent on the last page
public record SessionPage(List<Entry> sessions, @Nullable String next) {

  public SessionPage {
    sessions = List.copyOf(sessions);
  }

  /// An entry of the list.
  ///
  /// @param run the first run that has not ended: in flight, or waiting for a slot; `null` when
  ///     there is none
  /// @param lastRun the run that ended last
  /// @param title as people have named it, or else its first question; absent before that
  public record Entry(
      String sessionId,
      SessionView.Status status,
      Instant createdAt,
      Instant lastActiveAt,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable RunSummary run,
      @Nullable RunSummary lastRun,
      int queued,
      @Nullable String title) {}

  /// @param question its first 200 characters
  public record RunSummary(String runId, String question, RunStatus status) {}
}
