package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.agentrooms.agent.session.Phase.Begun;
import dev.agentrooms.agent.session.Phase.Cancelled;
import dev.agentrooms.agent.session.Phase.Cancelling;
import dev.agentrooms.agent.session.Phase.Ended;
import dev.agentrooms.agent.session.Phase.Failed;
import dev.agentrooms.agent.session.Phase.InFlight;
import dev.agentrooms.agent.session.Phase.Outcome;
import dev.agentrooms.agent.session.Phase.Queued;
import dev.agentrooms.agent.session.Phase.Running;
import dev.agentrooms.agent.session.Phase.Succeeded;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.StepEvent;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The work for one question, in its present phase. Immutable: [#after] gives the run after an
/// event.
///
/// @param number its place among the session's runs, in the order in which they were accepted
/// @param seen name and time of each progress event so far
/// @param forgotten whether its session was deleted: the run has yet to end, and is shown to
///     nobody
/// @param inputs what people were asked, and what they have decided
public record Run(
    RunSpec spec,
    long number,
    Phase phase,
    List<Seen> seen,
    boolean forgotten,
    List<Input.Asked> inputs) {

  public record Seen(String step, Instant at) {}

  public Run {
    seen = List.copyOf(seen);
    // Those of before there were any have none.
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
  }

  static Run of(RunSpec spec, long number) {
    return new Run(spec, number, new Queued(), List.of(), false, List.of());
  }

  public String runId() {
    return spec.runId();
  }

  public RunStatus status() {
    return isWaiting() ? RunStatus.WAITING : phase.status();
  }

  /// Whether it can only go on when a person has answered.
  private boolean isWaiting() {
    if (!(phase instanceof Running running)) {
      return false;
    }
    List<Step> open = running.steps().stream().filter(Step::isOpen).toList();
    return !open.isEmpty() && open.stream().allMatch(step -> step.input() != null);
  }

  /// What it waits for: its first open input.
  Optional<Input> waitingFor() {
    return phase instanceof Running running
        ? running.steps().stream().map(Step::input).filter(Objects::nonNull).findFirst()
        : Optional.empty();
  }

  /// The step that waits for this input.
  Optional<Step> asking(String inputId) {
    return phase instanceof Running running
        ? running.steps().stream()
            .filter(step -> step.input() != null && step.input().id().equals(inputId))
            .findFirst()
        : Optional.empty();
  }

  /// Null while it is queued, and when it was cancelled while queued.
  public @Nullable Begun begun() {
    return switch (phase) {
      case Queued _ -> null;
      case InFlight inFlight -> inFlight.begun();
      case Ended ended -> ended.begun();
    };
  }

  /// @throws IllegalStateException when it has not started
  public Plan planned() {
    Begun begun = begun();
    if (begun == null) {
      throw new IllegalStateException("run " + runId() + " has not begun");
    }
    return begun.plan();
  }

  /// The steps of a run in flight; empty in any other phase.
  public List<Step> steps() {
    return phase instanceof InFlight inFlight ? inFlight.steps() : List.of();
  }

  public List<Step> openSteps() {
    return steps().stream().filter(Step::isOpen).toList();
  }

  /// The step whose current attempt this is; empty for an attempt that is over.
  Optional<Step> attempted(AttemptId attempt) {
    return steps().stream().filter(step -> step.is(attempt)).findFirst();
  }

  /// The turns of the model in the step of an agent.
  List<Step> turns(String step) {
    return steps().stream()
        .filter(each -> each.isTurn() && each.call().step().equals(step))
        .toList();
  }

  /// The step of this call, open or not.
  public Step step(String callId) {
    return steps().stream().filter(step -> step.id().equals(callId)).findFirst().orElseThrow();
  }

  /// Whether a person has answered it, and it has not gone on yet.
  public boolean isAnswered() {
    return steps().stream().anyMatch(step -> step.state() instanceof Step.Answered);
  }

  boolean isCalling() {
    return steps().stream().anyMatch(Step::isCalling);
  }

  /// The id of the next call of `step`: `r1.retrieval.2` when there was one before.
  ///
  /// The turns of a model are counted apart from the tools that it calls: `r1.work.turn.2`.
  String callId(Call call) {
    boolean isTurn = call.isTurn();
    long before =
        steps().stream()
            .filter(each -> each.call().step().equals(call.step()) && each.isTurn() == isTurn)
            .count();
    return runId() + "." + call.step() + (isTurn ? ".turn" : "") + "." + (before + 1);
  }

  /// The values that templates may name; JSON's null for a step without output.
  public Scope scope() {
    Map<String, JsonNode> outputs = new HashMap<>();
    for (Step step : steps()) {
      switch (step.state()) {
        case Step.Done done -> {
          if (!step.call().isWished() && step.call().isEndTold(done.output())) {
            outputs.put(step.call().step(), done.output());
          }
        }
        case Step.Failed _, Step.Skipped _ ->
            outputs.put(step.call().step(), NullNode.getInstance());
        case Step.Calling _, Step.BackingOff _, Step.Waiting _, Step.Answered _ -> {}
      }
    }
    return new Scope(spec.sessionId(), runId(), spec.question(), spec.input(), outputs);
  }

  /// The run after `event`.
  Run after(RunEvent event) {
    return switch (event) {
      case SessionEvent.RunAccepted _ -> this;
      case SessionEvent.RunQueued e -> saw(StepWords.QUEUED, e.at());
      case SessionEvent.RunStarted e ->
          in(new Running(new Begun(e.plan(), e.at()), List.of()))
              .saw(StepWords.INTENT_DETERMINED, e.at());
      case SessionEvent.StepStarted e ->
          started(new Step(e.callId(), e.call(), e.at(), new Step.Calling(1)));
      case SessionEvent.StepInterrupted e ->
          withStep(e, Step::interrupted).saw(StepWords.TOOL_RETRY, e.at());
      case SessionEvent.AttemptFailed e ->
          withStep(e, step -> new Step.BackingOff(step.attempt() + 1))
              .saw(StepWords.TOOL_RETRY, e.at());
      case SessionEvent.AttemptStarted e -> withStep(e, step -> new Step.Calling(step.attempt()));
      case SessionEvent.StepProgressed e -> saw(e.step(), e.at());
      case SessionEvent.InputRequired e ->
          with(new Input.Asked(e.input().id(), null, null, false))
              .changedStep(e, step -> step.asking(e.input(), e.further()))
              .saw(StepWords.INPUT_REQUIRED, e.at());
      case SessionEvent.InputReceived e ->
          answered(step(e.callId()).input(), e.answer())
              .changedStep(e, step -> step.answered(e.answer()))
              .saw(StepWords.INPUT_RECEIVED, e.at());
      case SessionEvent.StepDone e -> done(e, step(e.callId()).call());
      case SessionEvent.StepFailed e ->
          withStep(e, step -> new Step.Failed(e.failure())).saw(StepWords.TOOL_ERROR, e.at());
      case SessionEvent.StepSkipped e ->
          with(new Step(e.callId(), e.call(), e.at(), new Step.Skipped()))
              .saw(e.call().step() + "_skipped", e.at());
      case SessionEvent.StepStopped e ->
          changed(steps -> steps.stream().filter(step -> !step.id().equals(e.callId())).toList());
      case SessionEvent.CancelRequested e ->
          phase instanceof Running(Begun begun, List<Step> steps)
              ? in(new Cancelling(begun, steps, e.reason()))
              : this;
      case SessionEvent.RunSucceeded e ->
          ended(StepWords.FINAL_ANSWER, new Succeeded(e.result()), e.at());
      case SessionEvent.RunFailed e -> ended(StepWords.FINAL_ANSWER, new Failed(e.error()), e.at());
      case SessionEvent.RunCancelled e ->
          ended(StepWords.CANCELLED, new Cancelled(e.reason()), e.at());
    };
  }

  private Run started(Step step) {
    Call call = step.call();
    return call.isTold() ? with(step).saw(call.words().start(), step.startedAt()) : with(step);
  }

  private Run done(SessionEvent.StepDone e, Call call) {
    boolean failed = e.meta() != null && e.meta().path("failed").asBoolean();
    Run after = withStep(e, step -> Step.Done.of(e, failed));
    return call.isEndTold(e.output()) ? after.saw(call.words().done(), e.at()) : after;
  }

  private Run saw(String step, Instant at) {
    List<Seen> more = new ArrayList<>(seen);
    more.add(new Seen(step, at));
    return new Run(spec, number, phase, more, forgotten, inputs);
  }

  private Run with(Step step) {
    return changed(
        steps -> {
          List<Step> more = new ArrayList<>(steps);
          more.add(step);
          return more;
        });
  }

  private Run withStep(StepEvent event, Function<Step, Step.State> state) {
    return changedStep(event, step -> step.in(state.apply(step)));
  }

  private Run changedStep(StepEvent event, UnaryOperator<Step> change) {
    return changed(
        steps ->
            steps.stream()
                .map(step -> step.id().equals(event.callId()) ? change.apply(step) : step)
                .toList());
  }

  private Run with(Input.Asked asked) {
    List<Input.Asked> more = new ArrayList<>(inputs);
    more.add(asked);
    return new Run(spec, number, phase, seen, forgotten, more);
  }

  private Run answered(@Nullable Input input, Input.Answer answer) {
    List<Input.Asked> changed =
        inputs.stream()
            .map(each -> input != null && each.id().equals(input.id()) ? input.with(answer) : each)
            .toList();
    return new Run(spec, number, phase, seen, forgotten, changed);
  }

  private Run changed(UnaryOperator<List<Step>> change) {
    return phase instanceof InFlight inFlight
        ? in(inFlight.with(change.apply(inFlight.steps())))
        : this;
  }

  private Run ended(String step, Outcome outcome, Instant at) {
    return saw(step, at).in(new Ended(begun(), outcome, at));
  }

  Run forgot() {
    return new Run(spec, number, phase, seen, true, inputs);
  }

  private Run in(Phase next) {
    return new Run(spec, number, next, seen, forgotten, inputs);
  }

  /// Milliseconds since it started or, if it never did, since it was created.
  public long durationMs(Instant until) {
    Begun begun = begun();
    return Duration.between(begun == null ? spec.createdAt() : begun.at(), until).toMillis();
  }
}
