package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How loud a progress event is.
public enum Level {
  @JsonProperty("info")
  INFO,
  @JsonProperty("warning")
  WARNING,
  @JsonProperty("error")
  ERROR
}
