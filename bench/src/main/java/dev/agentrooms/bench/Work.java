package dev.agentrooms.bench;

import java.util.Optional;

/// Something to do to a server, and to measure.
interface Work {

  /// A letter, perhaps with a size.
  String id();

  String title();

  /// Why this server cannot do it.
  default Optional<String> impossible(Server server) {
    return Optional.empty();
  }

  Measured run(Running running);
}
