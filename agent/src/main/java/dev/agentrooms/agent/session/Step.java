package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/// One call of a run, over all of its attempts.
///
/// @param id `RUN.STEP.N`, where `N` counts the run's calls of this step from 1
public record Step(String id, Call call, Instant startedAt, State state) {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @Type(value = Calling.class, name = "calling"),
    @Type(value = BackingOff.class, name = "backing_off"),
    @Type(value = Done.class, name = "done"),
    @Type(value = Failed.class, name = "failed"),
    @Type(value = Skipped.class, name = "skipped")
  })
  public sealed interface State {}

  /// A tool works for it.
  ///
  /// @param attempt 1 for the first
  public record Calling(int attempt) implements State {}

  /// An attempt failed, and `attempt` is due after a pause.
  public record BackingOff(int attempt) implements State {}

  public record Done(JsonNode output) implements State {}

  public record Failed(Failure failure) implements State {}

  /// It was not needed, and is over without a call.
  public record Skipped() implements State {}

  /// Names one attempt at one call, so that a late answer is known as late.
  public record AttemptId(String callId, int attempt) {}

  /// Whether it has yet to end.
  public boolean isOpen() {
    return switch (state) {
      case Calling _, BackingOff _ -> true;
      case Done _, Failed _, Skipped _ -> false;
    };
  }

  public boolean isCalling() {
    return state instanceof Calling;
  }

  /// The attempt under way or due; 0 when the step is over.
  public int attempt() {
    return switch (state) {
      case Calling(int attempt) -> attempt;
      case BackingOff(int attempt) -> attempt;
      case Done _, Failed _, Skipped _ -> 0;
    };
  }

  public AttemptId attemptId() {
    return new AttemptId(id, attempt());
  }

  boolean is(AttemptId attempt) {
    return isOpen() && attemptId().equals(attempt);
  }

  /// Milliseconds since it began, all of its attempts included.
  public long durationMs(Instant until) {
    return Duration.between(startedAt, until).toMillis();
  }

  Step in(State next) {
    return new Step(id, call, startedAt, next);
  }
}
