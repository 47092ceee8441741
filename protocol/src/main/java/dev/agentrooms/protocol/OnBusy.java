package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a run does when its session already has one.
public enum OnBusy {
  /// It is refused.
  @JsonProperty("reject")
  REJECT,
  /// It waits behind those that are there, first in, first out.
  @JsonProperty("enqueue")
  ENQUEUE,
  /// It cancels those that are there, and starts once the one in flight has ended.
  @JsonProperty("interrupt")
  INTERRUPT
}
