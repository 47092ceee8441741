package dev.agentrooms.bench;

import java.util.Optional;

/// A load on a server, and its measurements.
interface Work {

  /// A letter, perhaps with a size.
  String id();

  String title();

  /// What hardly differs from one round to the next, and takes long, is not done more often.
  default int maxRounds() {
    return Integer.MAX_VALUE;
  }

  /// Why this server cannot do it.
  default Optional<String> impossible(Server server) {
    return Optional.empty();
  }

  /// Whether the server is to speak TLS.
  default boolean isSecure() {
    return false;
  }

  Measured run(Running running);
}
