package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a person is asked for.
public enum InputKind {
  /// Whether a tool may be called.
  @JsonProperty("approve")
  APPROVE,
  /// Whether to go on, and with what.
  @JsonProperty("ask")
  ASK
}
