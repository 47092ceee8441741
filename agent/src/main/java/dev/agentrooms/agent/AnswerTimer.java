package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.SessionProtocol.Wake;
import dev.agentrooms.agent.session.SessionCommand.ExpireInputs;
import dev.agentrooms.agent.session.SessionState;
import java.time.Duration;
import java.time.Instant;

/// The part of a session that knows until when people can answer what it asks: by a timer of its
/// own while it is awake, by an alarm of the node while it is not.
final class AnswerTimer {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Command OVER = new Told(new ExpireInputs());

  private final SessionSurroundings around;

  AnswerTimer(SessionSurroundings around) {
    this.around = around;
    around.wiring().alarms().cancel(around.sessionId());
  }

  /// The session has changed, or the timer has ended.
  void set(SessionState state) {
    state
        .answerBy()
        .ifPresentOrElse(
            end -> around.timers().startSingleTimer(OVER, OVER, left(end)),
            () -> around.timers().cancel(OVER));
  }

  /// The session passivates.
  void leave(SessionState state) {
    state
        .answerBy()
        .ifPresent(
            end ->
                around
                    .wiring()
                    .alarms()
                    .set(
                        around.sessionId(),
                        left(end),
                        () -> around.nextLife().accept(Wake.INSTANCE)));
  }

  private Duration left(Instant end) {
    Duration left = Duration.between(around.wiring().clock().instant(), end);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }
}
