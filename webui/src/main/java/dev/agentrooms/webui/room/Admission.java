package dev.agentrooms.webui.room;

import org.jspecify.annotations.Nullable;

/// What becomes of a wish to watch a room.
public sealed interface Admission permits Admission.Joined, Refused {

  /// @param seq the last one at the moment of joining
  /// @param firstSeq the first retained one
  /// @param recovered whether nothing is missed; null for one that had no position
  record Joined(String epoch, long seq, long firstSeq, @Nullable Boolean recovered)
      implements Admission {}
}
