package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.Planner.Plan;
import dev.agentrooms.agent.session.Run.CallId;
import dev.agentrooms.agent.session.SessionCommand.Abandon;
import dev.agentrooms.agent.session.SessionCommand.AddKeys;
import dev.agentrooms.agent.session.SessionCommand.Break;
import dev.agentrooms.agent.session.SessionCommand.Cancel;
import dev.agentrooms.agent.session.SessionCommand.CancelAll;
import dev.agentrooms.agent.session.SessionCommand.Delete;
import dev.agentrooms.agent.session.SessionCommand.EndCall;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Retry;
import dev.agentrooms.agent.session.SessionCommand.Start;
import dev.agentrooms.agent.session.SessionCommand.TakeTurn;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.KeyUse;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.StageDone;
import dev.agentrooms.agent.session.SessionEvent.StageStarted;
import dev.agentrooms.agent.session.SessionEvent.ToolFailed;
import dev.agentrooms.agent.session.SessionEvent.ToolFailedOnce;
import dev.agentrooms.agent.session.SessionEvent.ToolRetried;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What comes of a command: `decide(state, command) → events`. Plain values in, plain values out; a
/// command that does not fit the state is no event.
public final class SessionDecisions {

  private static final int MAX_ATTEMPTS = 2;

  private final Workflow workflow;
  private final int maxKeys;

  /// @param maxKeys how many idempotency keys, and runs' ids that callers chose, a session
  ///     remembers
  public SessionDecisions(Workflow workflow, int maxKeys) {
    this.workflow = workflow;
    this.maxKeys = maxKeys;
  }

  /// Whether a run is taken on, before anybody asks for a slot.
  public sealed interface Admission {
    /// The session is free: the run needs a slot.
    record Free() implements Admission {}

    /// It waits behind the session's other runs.
    record Behind() implements Admission {}

    /// It takes the place of the session's run, which is cancelled.
    record Instead(String runId) implements Admission {}

    /// Its keys were used for this very run.
    ///
    /// @param more those of its keys that were not, which mean the same run from now on
    record Known(String runId, String status, List<Key> more) implements Admission {}

    record Busy(String runId) implements Admission {}

    record KeyReused() implements Admission {}

    /// Its id is that of a run which a deleted session left and which has yet to end.
    record RunIdTaken(String runId) implements Admission {}

    record TooManyKeys() implements Admission {}
  }

  public Admission admit(SessionState state, Start start) {
    KeyUse known = null;
    List<Key> unused = new ArrayList<>();
    for (Key key : start.keys()) {
      KeyUse used = state.keys().get(key.key());
      if (used == null) {
        unused.add(key);
      } else if (!used.fingerprint().equals(key.fingerprint())
          || (known != null && !known.runId().equals(used.runId()))) {
        return new Admission.KeyReused();
      } else {
        known = used;
      }
    }
    if (state.keys().size() + unused.size() > maxKeys && !unused.isEmpty()) {
      return new Admission.TooManyKeys();
    }
    if (known != null) {
      return new Admission.Known(known.runId(), known.status(), List.copyOf(unused));
    }
    Optional<Run> namesake = state.run(start.spec().runId());
    if (namesake.isPresent()) {
      return namesake.get().forgotten()
          ? new Admission.RunIdTaken(start.spec().runId())
          : new Admission.KeyReused();
    }
    if (state.runs().isEmpty()) {
      return new Admission.Free();
    }
    Optional<Run> shown = state.shown();
    if (shown.isEmpty()) {
      // What is left of a deleted session is nobody's run any more: it is only waited for.
      return new Admission.Behind();
    }
    return switch (start.onBusy()) {
      case REJECT -> new Admission.Busy(shown.get().runId());
      case ENQUEUE -> new Admission.Behind();
      case INTERRUPT -> new Admission.Instead(shown.get().runId());
    };
  }

  public List<SessionEvent> decide(SessionState state, SessionCommand command, Instant now) {
    return switch (command) {
      case Start start -> start(state, start, now);
      case AddKeys add ->
          add.keys().isEmpty()
              ? List.of()
              : List.of(new KeysAdded(uses(add.keys(), add.runId(), add.status()), now));
      case TakeTurn turn -> takeTurn(state, turn, now);
      case EndCall end ->
          calling(state, end.call()).map(run -> endCall(run, end.result(), now)).orElse(List.of());
      case Retry retry ->
          state
              .inFlight()
              .filter(run -> run.callId().equals(retry.call()))
              .filter(run -> run.status() == RunStatus.RUNNING && !run.calling())
              .<List<SessionEvent>>map(run -> List.of(new ToolRetried(run.runId(), now)))
              .orElse(List.of());
      case Cancel cancel ->
          Optional.ofNullable(cancel.runId())
              .flatMap(state::run)
              .or(() -> cancel.runId() == null ? state.current() : Optional.empty())
              .map(run -> cancel(run, cancel.reason(), now))
              .orElse(List.of());
      case Abandon abandon ->
          state
              .inFlight()
              .filter(run -> run.runId().equals(abandon.runId()))
              .filter(run -> run.status() == RunStatus.CANCELLING)
              .<List<SessionEvent>>map(run -> List.of(cancelled(run, run.stage().tool(), now)))
              .orElse(List.of());
      case CancelAll cancel -> cancelAll(state, cancel.reason(), now);
      case Break broken ->
          state
              .current()
              .filter(run -> run.runId().equals(broken.runId()))
              .<List<SessionEvent>>map(
                  run -> List.of(new RunFailed(run.runId(), broken.error(), now)))
              .orElse(List.of());
      case Delete delete -> {
        List<SessionEvent> events = cancelAll(state, delete.reason(), now);
        if (state.exists()) {
          events.add(new SessionDeleted(now));
        }
        yield events;
      }
    };
  }

  private List<SessionEvent> start(SessionState state, Start start, Instant now) {
    RunSpec spec = start.spec();
    boolean first = state.runs().isEmpty() && start.turn() == Turn.NOW;
    List<SessionEvent> events =
        start.onBusy() == OnBusy.INTERRUPT && state.exists()
            ? cancelAll(state, "interrupted", now)
            : new ArrayList<>();
    String status = first ? "accepted" : "queued";
    events.add(new RunAccepted(spec, uses(start.keys(), spec.runId(), status)));
    if (first) {
      events.addAll(begin(Run.of(spec), now));
    } else {
      events.add(new RunQueued(spec.runId(), now));
    }
    return events;
  }

  private static List<KeyUse> uses(List<Key> keys, String runId, String status) {
    return keys.stream()
        .map(key -> new KeyUse(key.key(), key.fingerprint(), runId, status))
        .toList();
  }

  private List<SessionEvent> takeTurn(SessionState state, TakeTurn turn, Instant now) {
    return state
        .current()
        .filter(run -> run.runId().equals(turn.runId()) && run.status() == RunStatus.QUEUED)
        .map(run -> begin(run, now))
        .orElse(List.of());
  }

  private List<SessionEvent> begin(Run run, Instant now) {
    Plan plan = workflow.plan(run.spec());
    List<SessionEvent> events = new ArrayList<>();
    events.add(new RunStarted(run.runId(), plan, now));
    events.addAll(startStage(run.started(plan, now), 0, now));
    return events;
  }

  private List<SessionEvent> startStage(Run run, int stage, Instant now) {
    Run there = run.at(stage, 1, false);
    var input = workflow.input(there);
    List<SessionEvent> events = new ArrayList<>();
    events.add(new StageStarted(run.runId(), stage, input, now));
    if (input == null) {
      events.addAll(
          fail(
              there,
              new ToolResult.Failed(
                  ToolResult.Reason.NOTHING_TO_GRADE,
                  null,
                  "Grading needs a submission: the exam's id and the answers."),
              now));
    }
    return events;
  }

  private List<SessionEvent> endCall(Run run, ToolResult result, Instant now) {
    if (run.status() == RunStatus.CANCELLING) {
      return List.of(cancelled(run, null, now));
    }
    return switch (result) {
      case ToolResult.Succeeded(var output) -> {
        List<SessionEvent> events = new ArrayList<>();
        events.add(new StageDone(run.runId(), output, now));
        events.addAll(
            run.isLastStage()
                ? List.of(new RunSucceeded(run.runId(), output, now))
                : startStage(run.answered(output), run.stageIndex() + 1, now));
        yield events;
      }
      case ToolResult.Failed failed ->
          failed.isRetryable() && run.attempt() < MAX_ATTEMPTS
              ? List.of(new ToolFailedOnce(run.runId(), failed, now))
              : fail(run, failed, now);
      case ToolResult.Stopped stopped ->
          fail(
              run,
              new ToolResult.Failed(
                  ToolResult.Reason.CONNECTION_LOST, null, "The call was stopped."),
              now);
    };
  }

  private static List<SessionEvent> fail(Run run, ToolResult.Failed failure, Instant now) {
    return List.of(
        new ToolFailed(run.runId(), failure, now),
        new RunFailed(
            run.runId(), run.stage().tool().word() + " failed: " + failure.detail(), now));
  }

  private static List<SessionEvent> cancelAll(SessionState state, String reason, Instant now) {
    List<SessionEvent> events = new ArrayList<>();
    // Those that wait go first, so that none of them takes the turn of the one in flight.
    for (Run run : state.runs().reversed()) {
      events.addAll(cancel(run, reason, now));
    }
    return events;
  }

  private static List<SessionEvent> cancel(Run run, String reason, Instant now) {
    return switch (run.status()) {
      case QUEUED -> List.of(new RunCancelled(run.runId(), reason, null, now));
      case RUNNING -> {
        CancelRequested requested = new CancelRequested(run.runId(), reason, now);
        yield run.calling()
            ? List.of(requested)
            : List.of(requested, new RunCancelled(run.runId(), reason, null, now));
      }
      case CANCELLING, SUCCEEDED, FAILED, CANCELLED -> List.of();
    };
  }

  private static SessionEvent cancelled(Run run, @Nullable Tool abandoned, Instant now) {
    String reason = run.cancelReason() == null ? "requested" : run.cancelReason();
    return new RunCancelled(run.runId(), reason, abandoned, now);
  }

  // A late answer names a call that is over, and finds nobody.
  private static Optional<Run> calling(SessionState state, CallId call) {
    return state.inFlight().filter(run -> run.calling() && run.callId().equals(call));
  }
}
