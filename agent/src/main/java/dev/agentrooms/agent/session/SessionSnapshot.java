package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.ProgressEvent;
import java.util.List;

/// A session as a whole, which stands for all of its events so far.
///
/// @param events its progress as far as it can be read, oldest first
/// @param told how many events it has told in this life
/// @param undelivered those that have not arrived
public record SessionSnapshot(
    SessionState state, List<ProgressEvent> events, long told, List<Telling> undelivered) {

  public SessionSnapshot {
    events = List.copyOf(events);
    undelivered = List.copyOf(undelivered);
  }

  /// An event that the session tells its watchers.
  ///
  /// @param n 1, 2, 3 … within the session's life
  public record Telling(long n, ProgressEvent event) {}
}
