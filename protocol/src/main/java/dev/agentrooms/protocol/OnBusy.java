package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What happens to a run whose session already has one.
public enum OnBusy {
  /// It is refused.
  @JsonProperty("reject")
  REJECT,
  /// It is queued, first in, first out.
  @JsonProperty("enqueue")
  ENQUEUE,
  /// It cancels the session's other runs, and starts when the one in flight has ended.
  @JsonProperty("interrupt")
  INTERRUPT
}
