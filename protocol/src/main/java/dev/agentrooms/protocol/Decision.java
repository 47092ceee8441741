package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a person decides.
public enum Decision {
  @JsonProperty("approve")
  APPROVE,
  @JsonProperty("reject")
  REJECT;

  /// The decision on the wire.
  public String word() {
    return Text.lower(name());
  }
}
