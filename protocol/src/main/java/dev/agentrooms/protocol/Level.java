package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The severity of a progress event.
public enum Level {
  @JsonProperty("info")
  INFO,
  @JsonProperty("warning")
  WARNING,
  @JsonProperty("error")
  ERROR
}
