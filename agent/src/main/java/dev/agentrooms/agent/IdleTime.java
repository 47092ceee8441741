package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Tick;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// The part of a session that knows for how long nobody has used it: after a while it may sleep,
/// and after its ttl it is forgotten.
final class IdleTime {

  private final AgentSettings settings;
  private final TimerScheduler<Command> timers;
  private boolean isTtlOver;

  IdleTime(AgentSettings settings, TimerScheduler<Command> timers) {
    this.settings = settings;
    this.timers = timers;
  }

  /// The session has nothing to do, and has had nothing for `since`, all sleep included.
  void begin(Duration since) {
    isTtlOver = false;
    Duration left = settings.session().ttl().minus(since);
    timers.startSingleTimer(Tick.IDLE, Tick.IDLE, left.isNegative() ? Duration.ZERO : left);
    sleepLater();
  }

  /// The session has nothing to do before a person answers it: it may sleep, and is not forgotten.
  private void rest() {
    end();
    sleepLater();
  }

  /// @param isAtRest whether the session's runs all wait for people
  void restOrEnd(boolean isAtRest) {
    if (isAtRest) {
      rest();
    } else {
      end();
    }
  }

  void sleepLater() {
    timers.startSingleTimer(Tick.SLEEP, Tick.SLEEP, settings.session().sleepAfter());
  }

  /// The session has something to do.
  private void end() {
    isTtlOver = false;
    timers.cancel(Tick.IDLE);
    timers.cancel(Tick.SLEEP);
  }

  /// Whether the ttl, or the time that it was given behind it, goes on.
  boolean isCounting() {
    return timers.isTimerActive(Tick.IDLE);
  }

  /// Gives a session whose ttl is over time to deliver what it has left.
  ///
  /// @return whether there is any such time
  boolean hold() {
    Duration grace = settings.progress().outboxTtl().minus(settings.session().ttl());
    if (!grace.isPositive()) {
      return false;
    }
    isTtlOver = true;
    timers.startSingleTimer(Tick.IDLE, Tick.OUTBOX_EXPIRED, grace);
    return true;
  }

  /// Its ttl is over, and so is the time to deliver what it had left.
  void isOver() {
    isTtlOver = true;
  }

  boolean isTtlOver() {
    return isTtlOver;
  }
}
