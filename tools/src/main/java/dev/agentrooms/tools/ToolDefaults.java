package dev.agentrooms.tools;

import java.time.Duration;

/// What holds for a tool that does not say otherwise.
///
/// @param timeout of one attempt
/// @param retryDelay before a second attempt
public record ToolDefaults(Duration timeout, Duration retryDelay) {

  /// How many attempts there are at most.
  static final int ATTEMPTS = 2;

  /// How long a service may ask us to wait.
  static final Duration MAX_DELAY = Duration.ofSeconds(30);
}
