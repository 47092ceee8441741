package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session as `GET /api/agent/sessions/{id}` shows it.
///
/// @param run the first run that has not ended: in flight, or waiting for a slot; `null` when there
///     is none
/// @param lastRun the run that ended last
/// @param queued number of queued runs
/// @param title as people have named it, or else its first question; absent before that
/// @param waitingFor what its run waits for; `null` when it waits for nobody
/// @param lastEvents its latest progress events, oldest first
public record SessionView(
    String sessionId,
    Status status,
    Instant createdAt,
    Instant lastActiveAt,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable RunView run,
    @Nullable RunView lastRun,
    int queued,
    @Nullable String title,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable InputView waitingFor,
    List<ProgressEvent> lastEvents) {

  public SessionView {
    lastEvents = List.copyOf(lastEvents);
  }

  /// What a session is doing.
  public enum Status {
    @JsonProperty("idle")
    IDLE,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("waiting")
    WAITING,
    @JsonProperty("cancelling")
    CANCELLING
  }
}
