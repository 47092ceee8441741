package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.RemoteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One tool call of a run, with all of its attempts. Example: in run `r1`, the step
/// `r1.retrieval.1` is the first call of `retrieval`; its first attempt gets 503, its second
/// succeeds, and it is still the same step.
///
/// @param id `RUN.STEP.N`, where `N` counts the run's calls of this step from 1
public record Step(String id, Call call, Instant startedAt, State state) {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @Type(value = Calling.class, name = "calling"),
    @Type(value = BackingOff.class, name = "backing_off"),
    @Type(value = Waiting.class, name = "waiting"),
    @Type(value = Answered.class, name = "answered"),
    @Type(value = Done.class, name = "done"),
    @Type(value = Failed.class, name = "failed"),
    @Type(value = Skipped.class, name = "skipped")
  })
  public sealed interface State {}

  /// An attempt is under way.
  ///
  /// @param attempt 1 for the first
  /// @param interruptions how often the process died in this call
  public record Calling(int attempt, int interruptions) implements State {

    public Calling(int attempt) {
      this(attempt, 0);
    }
  }

  /// An attempt failed, and `attempt` follows after a pause.
  public record BackingOff(int attempt) implements State {}

  /// A person is asked.
  ///
  /// @param attempt the one that follows the answer
  /// @param further what is asked after it
  /// @param given the answers so far, when a tool has asked several things
  public record Waiting(
      Input input, int attempt, List<InputRequest> further, List<RemoteAnswer> given)
      implements State {

    public Waiting {
      further = List.copyOf(further);
      given = List.copyOf(given);
    }
  }

  /// A person has answered, and the run goes on when it has a slot.
  public record Answered(
      Input input,
      Input.Answer answer,
      int attempt,
      List<InputRequest> further,
      List<RemoteAnswer> given)
      implements State {

    public Answered {
      further = List.copyOf(further);
      given = List.copyOf(given);
    }
  }

  /// @param usage of the model; null where there was none
  /// @param failed whether a model that asked for it was told of a failure
  /// @param cuts where the pieces of its text began; null where it wrote none
  public record Done(
      JsonNode output, @Nullable ObjectNode usage, boolean failed, @Nullable JsonNode cuts)
      implements State {

    public Done(JsonNode output) {
      this(output, null, false, null);
    }

    static Done of(SessionEvent.StepDone e, boolean failed) {
      ObjectNode meta = e.meta();
      ObjectNode usage = meta != null && meta.get("usage") instanceof ObjectNode said ? said : null;
      return new Done(e.output(), usage, failed, meta == null ? null : meta.get("cuts"));
    }

    void showCuts(ObjectNode meta) {
      if (cuts != null) {
        meta.set("cuts", cuts);
      }
    }
  }

  public record Failed(Failure failure) implements State {}

  /// Ended without a call, because it was not needed.
  public record Skipped() implements State {}

  /// Identifies an attempt, such as number 2 of `r1.retrieval.1`, so that a late answer to an
  /// earlier one is recognised.
  public record AttemptId(String callId, int attempt) {}

  /// Whether it has not ended.
  public boolean isOpen() {
    return switch (state) {
      case Calling _, BackingOff _, Waiting _, Answered _ -> true;
      case Done _, Failed _, Skipped _ -> false;
    };
  }

  public boolean isTurn() {
    return call.isTurn();
  }

  boolean isOfTool() {
    return !call.tool().equals(Call.NO_TOOL);
  }

  /// What it waits for; null when it waits for nobody.
  public @Nullable Input input() {
    return state instanceof Waiting waiting ? waiting.input() : null;
  }

  /// This step, asking a person.
  Step asking(Input input, List<InputRequest> further) {
    return in(
        switch (state) {
          // A tool has asked several things, or asks in its answer to the first call.
          case Answered answered ->
              new Waiting(input, answered.attempt(), further, answered.given());
          case Calling calling when isAsked(input) ->
              new Waiting(input, calling.attempt() + 1, further, List.of());
          case Calling _, BackingOff _, Waiting _, Done _, Failed _, Skipped _ ->
              new Waiting(input, Math.max(1, attempt()), further, List.of());
        });
  }

  // By the tool, in a call of it.
  private static boolean isAsked(Input input) {
    return input.request().askedAs() != null;
  }

  /// This step, with the answer to what it waited for. What was approved is what is sent.
  Step answered(Input.Answer answer) {
    if (!(state instanceof Waiting waiting)) {
      return this;
    }
    Input input = waiting.input();
    InputRequest request = input.request();
    List<RemoteAnswer> given = new ArrayList<>(waiting.given());
    Call next = call;
    if (request.askedAs() != null) {
      given.add(new RemoteAnswer(request.askedAs(), answer.isApproved(), answer.value()));
      next = call.with(RemoteAnswer.arguments(given));
    } else if (request.kind() == InputKind.APPROVE
        && request.editable()
        && answer.value() != null) {
      next = call.with(answer.value());
    }
    return new Step(
        id,
        next,
        startedAt,
        new Answered(input, answer, waiting.attempt(), waiting.further(), given));
  }

  public boolean isCalling() {
    return state instanceof Calling;
  }

  /// The attempt under way or due; 0 when the step is over.
  public int attempt() {
    return switch (state) {
      case Calling(int attempt, int _) -> attempt;
      case BackingOff(int attempt) -> attempt;
      case Waiting waiting -> waiting.attempt();
      case Answered answered -> answered.attempt();
      case Done _, Failed _, Skipped _ -> 0;
    };
  }

  /// The name of the text that its present attempt writes: `draft`, the second time `draft-2`;
  /// `work.call.3` for the third tool that an agent's step calls.
  public String part() {
    int times = attempt() + interruptions();
    String name =
        call.isWished() ? call.step() + ".call" + id.substring(id.lastIndexOf('.')) : call.part();
    return name + (times > 1 ? "-" + times : "");
  }

  public AttemptId attemptId() {
    return new AttemptId(id, attempt());
  }

  boolean is(AttemptId attempt) {
    return isOpen() && attemptId().equals(attempt);
  }

  /// Milliseconds since its first attempt began.
  public long durationMs(Instant until) {
    return Duration.between(startedAt, until).toMillis();
  }

  State interrupted() {
    return new Calling(attempt(), interruptions() + 1);
  }

  int interruptions() {
    return state instanceof Calling calling ? calling.interruptions() : 0;
  }

  Step in(State next) {
    return new Step(id, call, startedAt, next);
  }
}
