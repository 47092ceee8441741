package dev.agentrooms.agent;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Wakes sessions of this node that have passivated, when the time to answer what they asked is
/// over. A node that starts wakes all sessions with a run once, so that none needs the alarms of an
/// earlier one.
final class Alarms {

  /// Calls something later.
  interface Clock {

    /// @return calls it off
    Runnable after(Duration delay, Runnable ring);
  }

  private final Clock clock;
  private final Map<String, Runnable> set = new ConcurrentHashMap<>();

  Alarms(Clock clock) {
    this.clock = clock;
  }

  /// Sets the one alarm of a session.
  void set(String sessionId, Duration delay, Runnable wake) {
    cancel(sessionId);
    set.put(
        sessionId,
        clock.after(
            delay,
            () -> {
              set.remove(sessionId);
              wake.run();
            }));
  }

  /// The session is awake, and looks after itself.
  void cancel(String sessionId) {
    Runnable earlier = set.remove(sessionId);
    if (earlier != null) {
      earlier.run();
    }
  }
}
