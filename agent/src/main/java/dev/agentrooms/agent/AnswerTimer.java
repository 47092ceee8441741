package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.SessionCommand.ExpireInputs;
import dev.agentrooms.agent.session.SessionState;
import java.time.Duration;
import java.time.Instant;

/// The part of a session that knows until when people can answer what it asks. While it sleeps the
/// [Waker] does, which wakes it before that time is over.
final class AnswerTimer {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Command OVER = new Told(new ExpireInputs());

  private final SessionSurroundings around;

  AnswerTimer(SessionSurroundings around) {
    this.around = around;
  }

  /// The session has changed, or the timer has ended.
  void set(SessionState state) {
    state
        .answerBy()
        .ifPresentOrElse(
            end -> around.timers().startSingleTimer(OVER, OVER, left(end)),
            () -> around.timers().cancel(OVER));
  }

  /// Whether that time is over before the [Waker] would have looked again for certain, so that the
  /// session has to stay awake.
  boolean isDueSoon(SessionState state) {
    return state.answerBy().filter(end -> left(end).compareTo(Waker.EVERY) <= 0).isPresent();
  }

  private Duration left(Instant end) {
    Duration left = Duration.between(around.wiring().clock().instant(), end);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }
}
