package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of `GET /api/agent/sessions/{id}/runs/{run_id}/events`, oldest first.
///
/// @param next the `after` of the next page; absent on the last page
public record RunEvents(List<Numbered> events, @Nullable Integer next) {

  public RunEvents {
    events = List.copyOf(events);
  }

  /// An event with its number within its run.
  ///
  /// @param n counts from 1, without a hole
  public record Numbered(int n, @JsonUnwrapped ProgressEvent event) {}
}
