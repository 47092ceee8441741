package dev.agentrooms.http;

import io.micrometer.core.instrument.MeterRegistry;

/// What a server says of the node that it is part of.
public interface NodeStatus {

  /// Whether the node can serve, and what is in its way.
  enum Readiness {
    READY,
    /// It is starting or stopping.
    NOT_UP,
    STORE_AWAY,
    STORE_FULL,
    /// The folder of notes has not been read yet.
    NOTES_UNREAD
  }

  Readiness readiness();

  /// Registers what is measured of the node as a whole; each of its servers shows it.
  default void bindTo(MeterRegistry registry) {}
}
