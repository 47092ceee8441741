package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session as its new owner finds it.
///
/// @param generation the owner's generation, which each of its records has to carry
/// @param kept null when there is no such session
public record StoredSession(String sessionId, long generation, @Nullable Kept kept) {

  /// @param rev the number of its last event
  /// @param snapshot null when the events are all there is
  /// @param events those after the snapshot, oldest first
  /// @param unused how long it has been unused, not counting the time in which no process was up
  public record Kept(
      SessionRow row, long rev, byte @Nullable [] snapshot, List<byte[]> events, Duration unused) {

    public Kept {
      events = List.copyOf(events);
    }
  }
}
