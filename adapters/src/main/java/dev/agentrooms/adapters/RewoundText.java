package dev.agentrooms.adapters;

import dev.agentrooms.adapters.Happening.Told;

/// A run's text as one protocol shows it, of which a crash takes back what no replay has: so that a
/// reader who was there and one who comes later count alike from then on.
public interface RewoundText {

  /// Before the event itself is shown.
  default void before(Told told) {
    if (told.isAfterCrash()) {
      rewind();
    } else if (told.meta().path("part").isTextual()) {
      settle();
    }
  }

  /// What has been written so far is in every replay.
  void settle();

  /// Goes back to what was settled last: the part that was being written has ended in a crash.
  void rewind();
}
