package dev.agentrooms.protocol;

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
  /// @param run the run in flight or, when there is none, the one that ended last
  public record Entry(
      String sessionId,
      SessionView.Status status,
      Instant createdAt,
      Instant lastActiveAt,
      @Nullable RunSummary run,
      int queued) {}

  /// @param question its first 200 characters
  public record RunSummary(String runId, String question, RunStatus status) {}
}
