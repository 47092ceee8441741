package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The status of a run. The last three are final.
public enum RunStatus {
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("running")
  RUNNING,
  /// For a person's answer.
  @JsonProperty("waiting")
  WAITING,
  @JsonProperty("cancelling")
  CANCELLING,
  @JsonProperty("succeeded")
  SUCCEEDED,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("cancelled")
  CANCELLED;

  public boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }

  /// The status on the wire.
  public String word() {
    return Text.lower(name());
  }
}
