package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Planner.Plan;
import dev.agentrooms.agent.session.Workflow.Stage;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The work for one question, as far as it has come. A value: every change makes a new one.
///
/// @param number its place among the session's runs, in the order in which they were accepted
/// @param stageIndex which of the workflow's stages is under way
/// @param attempt 1, or 2 once the stage's tool is tried again
/// @param calling whether a tool works for it at this moment (not so while a retry is due)
/// @param output what the last stage's tool answered
/// @param seen its progress events so far, by step and time
/// @param forgotten whether its session was deleted: it has yet to end, and nobody may see it
public record Run(
    RunSpec spec,
    long number,
    RunStatus status,
    @Nullable Plan plan,
    int stageIndex,
    int attempt,
    boolean calling,
    @Nullable JsonNode output,
    @Nullable String error,
    List<Seen> seen,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String cancelReason,
    boolean forgotten) {

  record Seen(String step, Instant at) {}

  /// Names one attempt at one tool, so that a late answer is known as late.
  public record CallId(String runId, int stageIndex, int attempt) {}

  static Run of(RunSpec spec) {
    return of(spec, 1);
  }

  static Run of(RunSpec spec, long number) {
    return new Run(
        spec,
        number,
        RunStatus.QUEUED,
        null,
        0,
        0,
        false,
        null,
        null,
        List.of(),
        null,
        null,
        null,
        false);
  }

  public String runId() {
    return spec.runId();
  }

  public CallId callId() {
    return new CallId(runId(), stageIndex, attempt);
  }

  Plan plannedOrThrow() {
    if (plan == null) {
      throw new IllegalStateException("run " + runId() + " has not started");
    }
    return plan;
  }

  public Stage stage() {
    return Workflow.stages(plannedOrThrow().intent()).get(stageIndex);
  }

  /// Names the present stage's call, all its attempts alike: `RUN.STEP.N`, where `N` counts the
  /// step's calls in this run from 1.
  public String callName() {
    Stage present = stage();
    long before =
        Workflow.stages(plannedOrThrow().intent()).subList(0, stageIndex).stream()
            .filter(stage -> stage.name().equals(present.name()))
            .count();
    return runId() + "." + present.name() + "." + (before + 1);
  }

  boolean isLastStage() {
    return stageIndex + 1 == Workflow.stages(plannedOrThrow().intent()).size();
  }

  Run saw(String step, Instant at) {
    List<Seen> more = new ArrayList<>(seen);
    more.add(new Seen(step, at));
    return new Run(
        spec,
        number,
        status,
        plan,
        stageIndex,
        attempt,
        calling,
        output,
        error,
        List.copyOf(more),
        startedAt,
        finishedAt,
        cancelReason,
        forgotten);
  }

  Run started(Plan planned, Instant at) {
    return new Run(
        spec,
        number,
        RunStatus.RUNNING,
        planned,
        0,
        0,
        false,
        null,
        null,
        seen,
        at,
        null,
        null,
        forgotten);
  }

  /// At `stage`, with its tool being called or, when not `calling`, about to be.
  public Run at(int stage, int tried, boolean called) {
    return new Run(
        spec,
        number,
        status,
        plan,
        stage,
        tried,
        called,
        output,
        error,
        seen,
        startedAt,
        finishedAt,
        cancelReason,
        forgotten);
  }

  Run answered(@Nullable JsonNode answer) {
    return new Run(
        spec,
        number,
        status,
        plan,
        stageIndex,
        attempt,
        false,
        answer,
        error,
        seen,
        startedAt,
        finishedAt,
        cancelReason,
        forgotten);
  }

  Run cancelling(String reason) {
    return new Run(
        spec,
        number,
        RunStatus.CANCELLING,
        plan,
        stageIndex,
        attempt,
        calling,
        output,
        error,
        seen,
        startedAt,
        finishedAt,
        reason,
        forgotten);
  }

  Run ended(RunStatus how, @Nullable JsonNode result, @Nullable String why, Instant at) {
    return new Run(
        spec,
        number,
        how,
        plan,
        stageIndex,
        attempt,
        false,
        result,
        why,
        seen,
        startedAt,
        at,
        cancelReason,
        forgotten);
  }

  Run forgot() {
    return new Run(
        spec,
        number,
        status,
        plan,
        stageIndex,
        attempt,
        calling,
        output,
        error,
        seen,
        startedAt,
        finishedAt,
        cancelReason,
        true);
  }

  /// Milliseconds from its start, or from its creation when it never started.
  public long durationMs(Instant until) {
    return Duration.between(startedAt == null ? spec.createdAt() : startedAt, until).toMillis();
  }

  /// Milliseconds since the present stage began, its tool's retry included.
  public long stageDurationMs(Instant until) {
    String began = stage().started();
    return seen.stream()
        .filter(step -> step.step().equals(began))
        .mapToLong(step -> Duration.between(step.at(), until).toMillis())
        .findFirst()
        .orElse(0);
  }

  RunView view() {
    List<RunView.Timing> steps = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      Seen step = seen.get(i);
      Long took =
          i + 1 == seen.size()
              ? null
              : Duration.between(step.at(), seen.get(i + 1).at()).toMillis();
      steps.add(new RunView.Timing(step.step(), step.at(), took));
    }
    return new RunView(
        runId(),
        spec.sessionId(),
        spec.question(),
        status,
        plan == null ? null : plan.intent().word(),
        spec.createdAt(),
        startedAt,
        finishedAt,
        status == RunStatus.SUCCEEDED ? output : null,
        error,
        steps);
  }
}
