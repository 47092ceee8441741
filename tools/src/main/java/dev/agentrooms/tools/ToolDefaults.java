package dev.agentrooms.tools;

import java.time.Duration;

/// Default values for tools.
///
/// @param timeout of one attempt
/// @param retryDelay the pause before a retry
public record ToolDefaults(Duration timeout, Duration retryDelay) {

  /// The most brackets, names and values of an answer. Each takes about fifty bytes in memory; ten
  /// thousand chunks of notes have half as many.
  public static final int MAX_TOKENS = 200_000;

  /// The most attempts.
  static final int ATTEMPTS = 2;

  /// The longest pause that a service may ask for.
  static final Duration MAX_DELAY = Duration.ofSeconds(30);
}
