package dev.agentrooms.agent;

import dev.agentrooms.store.SessionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Forgets sessions that sleep and that nobody has used for their ttl, in small steps, and counts
/// the others, and those of them that wait for a person.
final class Sweeper {

  // As a session's other lines, whose last one this is.
  private static final Logger LOG = LoggerFactory.getLogger(SessionSurroundings.LOGGER);

  private final SessionStore store;
  private final Duration ttl;
  private final AtomicBoolean sweeps = new AtomicBoolean();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final InstantSource clock;

  /// @param ttl how long a session is kept that nobody uses
  Sweeper(SessionStore store, Duration ttl, InstantSource clock) {
    this.store = store;
    this.ttl = ttl;
    this.clock = clock;
  }

  /// Begins to sweep, unless it does already.
  void sweep() {
    if (sweeps.compareAndSet(false, true)) {
      sweepOn();
    }
  }

  private void sweepOn() {
    store
        .forgetUnused(ttl)
        .whenComplete(
            (gone, failure) -> {
              if (failure == null && !gone.isEmpty()) {
                told(gone);
                sweepOn();
              } else {
                count();
              }
            });
  }

  private void told(List<String> gone) {
    for (String sessionId : gone) {
      try (var _ = MDC.putCloseable("session_id", sessionId)) {
        LOG.info("session forgotten: nobody has used it for {}", ttl);
      }
    }
  }

  private void count() {
    store
        .count()
        .thenCombine(
            store.waiting(clock.instant()),
            (sessions, some) -> {
              count.set(sessions);
              waiting.set(some);
              return sessions;
            })
        .whenComplete((done, failure) -> sweeps.set(false));
  }

  /// How many of them had a run that waits for a person, and slept.
  long waiting() {
    return waiting.get();
  }

  /// How many sessions there were when last counted.
  long sessions() {
    return count.get();
  }
}
