package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;

/// One thing that a run shows its readers, whichever of them asks for it.
///
/// @param seq the place in the room of the event that it comes from or behind
/// @param at when the event was, in milliseconds since 1970
/// @param k counts what is shown at that place, of all kinds, from 0
record Shown(String epoch, long seq, int k, long at, Kind kind, JsonNode data) {

  // More than is ever shown at one place, and small enough for JavaScript's numbers.
  private static final long PLACES = 1_000_000;

  /// What is shown, from which the streams take what they have a name for.
  enum Kind {
    METADATA,
    STARTED,
    VALUES,
    CUSTOM,
    UPDATES,
    CHUNK,
    MESSAGE,
    TOOL,
    ASKED,
    ANSWERED,
    ERROR,
    ENDED,
    END
  }

  String id() {
    return epoch + ":" + seq + "." + k;
  }

  /// The place as one number, which grows within an epoch.
  long number() {
    return seq * PLACES + k;
  }

  /// More than the number of whatever is at this place.
  static long lastAt(long seq) {
    return seq * PLACES + PLACES - 1;
  }

  /// The place in the room that such a number is about.
  static long seqOf(long number) {
    return number / PLACES;
  }
}
