package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.SessionProtocol.Tick;
import dev.agentrooms.agent.SessionProtocol.Wake;
import dev.agentrooms.agent.session.SessionState;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a session's life ends: it passivates when it has had nothing to do for a while, is forgotten
/// after its ttl, or is read anew when somebody else may have written to it.
final class SessionEnd {

  private static final Duration FORGET_AGAIN = Duration.ofMillis(500);
  // A session's lines all have one name.
  private static final Logger LOG = LoggerFactory.getLogger(SessionSurroundings.LOGGER);

  private final SessionSurroundings around;
  private final SessionEffects effects;
  private final SessionRecorder recorder;
  private final IdleTime idle;
  private final RunListeners listeners;

  SessionEnd(
      SessionSurroundings around,
      SessionEffects effects,
      SessionRecorder recorder,
      IdleTime idle,
      RunListeners listeners) {
    this.around = around;
    this.effects = effects;
    this.recorder = recorder;
    this.idle = idle;
    this.listeners = listeners;
  }

  /// Whether there is nothing left to do, nor anything to keep.
  ///
  /// @param isForNextLife what may wait, because it is not for this life
  boolean isDue(SessionState state, Predicate<Command> isForNextLife) {
    boolean isNothing = !state.exists() && state.runs().isEmpty();
    // All that waits is looked through last: this is asked behind every command.
    return !recorder.isBusy()
        && (isNothing || idle.isTtlOver())
        && effects.delivery().isDone()
        && !around.timers().isTimerActive(FORGET_AGAIN)
        && !around.stash().anyMatch(isForNextLife.negate());
  }

  void onTick(Tick tick, SessionState state) {
    switch (tick) {
      case REDELIVER -> effects.delivery().goOn();
      case SLEEP -> sleep(state);
      case IDLE -> {
        if (!isUsedSince(state) && (effects.delivery().isDone() || !idle.hold())) {
          giveUp();
        }
      }
      case OUTBOX_EXPIRED -> {
        if (!isUsedSince(state)) {
          giveUp();
        }
      }
    }
  }

  /// A tick that waited behind a record, or for another try to forget, may be older than what the
  /// session was told since: that is not forgotten.
  private boolean isUsedSince(SessionState state) {
    return !state.runs().isEmpty() || idle.isCounting();
  }

  private void giveUp() {
    effects.giveUpDelivery();
    idle.isOver();
  }

  private void sleep(SessionState state) {
    if (!state.exists() || !state.isAtRest()) {
      return;
    }
    if (effects.delivery().isDone()) {
      recorder.sleep();
    } else {
      idle.sleepLater();
    }
  }

  Behavior<Command> forget(SessionState state) {
    if (state.exists()) {
      LOG.info(
          "session forgotten: nobody has used it for {}",
          around.wiring().settings().session().ttl());
    }
    if (!recorder.hasRecords()) {
      return leave();
    }
    recorder.forget();
    return Behaviors.same();
  }

  /// The store could not forget it.
  void forgetLater() {
    // Named by its delay: there is one.
    around.timers().startSingleTimer(FORGET_AGAIN, Tick.IDLE, FORGET_AGAIN);
  }

  /// Somebody else may have written to it: what is stored tells what is so.
  Behavior<Command> startAnew() {
    LOG.warn("the session is read anew");
    around.nextLife().accept(Wake.INSTANCE);
    return leave();
  }

  /// Its shard moves to another node: what it has to do goes on there.
  Behavior<Command> move(SessionState state) {
    if (!state.runs().isEmpty() || recorder.isBusy() || !effects.delivery().isDone()) {
      around.nextLife().accept(Wake.INSTANCE);
    }
    return Behaviors.stopped();
  }

  /// Passivates; what waits is for the next life.
  Behavior<Command> leave() {
    around
        .stash()
        .forEach(
            message -> {
              if (message instanceof Request request) {
                around.nextLife().accept(request);
              }
            });
    around.stash().clear();
    return around.passivation().begin(this::onStopped);
  }

  Behavior<Command> onStopped() {
    effects.stop();
    listeners.moveTo(around.nextLife());
    return Behaviors.same();
  }
}
