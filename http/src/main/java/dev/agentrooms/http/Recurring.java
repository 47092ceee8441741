package dev.agentrooms.http;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a task periodically. Pekko's scheduler silently cancels a task that throws; this one logs
/// the exception and goes on.
public final class Recurring {

  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

  private Recurring() {}

  /// @param what names the task in the log
  public static Cancellable every(
      ActorSystem<?> system, Duration interval, String what, Runnable task) {
    return system
        .scheduler()
        .scheduleWithFixedDelay(
            interval, interval, () -> run(what, task), system.executionContext());
  }

  private static void run(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.error("{} failed; it will be tried again", what, bug);
    }
  }
}
