package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionCommand.Abandon;
import dev.agentrooms.agent.session.SessionCommand.AddKeys;
import dev.agentrooms.agent.session.SessionCommand.Answer;
import dev.agentrooms.agent.session.SessionCommand.Break;
import dev.agentrooms.agent.session.SessionCommand.Cancel;
import dev.agentrooms.agent.session.SessionCommand.CancelAll;
import dev.agentrooms.agent.session.SessionCommand.Delete;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionCommand.ExpireInputs;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Name;
import dev.agentrooms.agent.session.SessionCommand.Open;
import dev.agentrooms.agent.session.SessionCommand.Request;
import dev.agentrooms.agent.session.SessionCommand.Resume;
import dev.agentrooms.agent.session.SessionCommand.Retry;
import dev.agentrooms.agent.session.SessionCommand.Start;
import dev.agentrooms.agent.session.SessionCommand.TakeTurn;
import dev.agentrooms.agent.session.SessionCommand.Tell;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.KeyUse;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.SessionNamed;
import dev.agentrooms.agent.session.SessionEvent.SessionOpened;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.Tools;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Decides what happens on a command: `decide(state, command) → events`, a pure function. A
/// command that comes too late gives no events.
public final class SessionDecisions {

  private final RunDecisions runs;
  private final Inputs inputs;

  /// @param answerTime how long a run waits for a person
  public SessionDecisions(Agent agent, Tools tools, Duration answerTime) {
    this.inputs = new Inputs(answerTime);
    this.runs = new RunDecisions(agent, tools, inputs);
  }

  public List<SessionEvent> decide(SessionState state, SessionCommand command, Instant now) {
    return switch (command) {
      case Start start -> start(state, start, now);
      case AddKeys add ->
          add.keys().isEmpty()
              ? List.of()
              : List.of(new KeysAdded(uses(add.keys(), add.runId(), add.status()), now));
      case TakeTurn turn ->
          state
              .current()
              .filter(run -> run.runId().equals(turn.runId()))
              .map(
                  run ->
                      run.status() == RunStatus.QUEUED ? runs.begin(run, now) : runs.goOn(run, now))
              .orElse(List.of());
      // A late answer names an attempt that is over, so that no step matches.
      case EndAttempt end ->
          state
              .inFlight()
              .flatMap(
                  run ->
                      run.attempted(end.attempt())
                          .filter(Step::isCalling)
                          .map(step -> runs.endAttempt(run, step, end.result(), now)))
              .orElse(List.of());
      case Tell tell ->
          state
              .inFlight()
              .filter(run -> run.status() == RunStatus.RUNNING)
              .flatMap(
                  run ->
                      run.attempted(tell.attempt())
                          .filter(Step::isCalling)
                          .<List<SessionEvent>>map(
                              step -> List.of(Saying.event(run, step, tell.progress(), now))))
              .orElse(List.of());
      case Retry retry ->
          state
              .inFlight()
              .filter(run -> run.status() == RunStatus.RUNNING)
              .flatMap(
                  run ->
                      run.attempted(retry.attempt())
                          .filter(step -> step.state() instanceof Step.BackingOff)
                          .<List<SessionEvent>>map(
                              step -> List.of(new AttemptStarted(run.runId(), step.id(), now))))
              .orElse(List.of());
      case Answer answer ->
          switch (Answering.of(state, answer, now)) {
            case Answering.Counts(Run run, Step step, var given) ->
                inputs.answer(run, step, given, now);
            case Answering.Expired(Run run) -> Inputs.expire(run, now);
            case Answering.Refused _ -> List.of();
          };
      case ExpireInputs _ -> state.inFlight().map(run -> Inputs.expire(run, now)).orElse(List.of());
      case Cancel cancel ->
          cancelled(state, cancel).map(run -> cancel(run, cancel.reason(), now)).orElse(List.of());
      case Abandon abandon ->
          state
              .inFlight()
              .filter(run -> run.runId().equals(abandon.runId()))
              .filter(run -> run.status() == RunStatus.CANCELLING)
              .<List<SessionEvent>>map(
                  run ->
                      List.of(
                          Stopping.cancelled(
                              run,
                              run.steps().stream()
                                  .filter(Step::isCalling)
                                  .map(step -> step.call().tool())
                                  .findFirst()
                                  .orElse(null),
                              now)))
              .orElse(List.of());
      case Resume _ -> state.inFlight().map(run -> runs.resume(run, now)).orElse(List.of());
      case CancelAll cancel -> cancelAll(state, cancel.reason(), now);
      case Break broken ->
          state
              .run(broken.runId())
              .map(run -> brokenOff(state, run, broken, now))
              .orElse(List.of());
      case Open open -> state.exists() ? List.of() : List.of(new SessionOpened(now, open.owner()));
      case Name name ->
          state.exists() && !Objects.equals(name.title(), state.called().given())
              ? List.of(new SessionNamed(name.title(), now))
              : List.of();
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
      events.addAll(runs.begin(Run.of(spec, 1), now));
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

  private static List<SessionEvent> brokenOff(
      SessionState state, Run run, Break broken, Instant now) {
    boolean isCurrent =
        state.current().filter(current -> current.runId().equals(run.runId())).isPresent();
    // A queued run has not started, and cannot be what failed.
    return isCurrent
        ? List.of(new RunFailed(run.runId(), broken.error(), null, now))
        : cancel(run, broken.error(), now);
  }

  /// The answer to a request other than a start, decided on the state before its events.
  public static SessionReply answer(SessionState state, Request request, Instant now) {
    if (request instanceof Open) {
      return new SessionReply.Opened(!state.exists());
    }
    if (!state.exists()) {
      return new SessionReply.UnknownSession();
    }
    return switch (request) {
      case Answer answer -> Answering.of(state, answer, now).reply();
      case Open _ -> new SessionReply.Opened(false);
      case Name name ->
          new SessionReply.Named(state.called().named(name.title()).shown().orElse(null));
      case Delete _ -> new SessionReply.Deleted();
      case Cancel cancel ->
          cancelled(state, cancel)
              .map(SessionReply::ofCancelled)
              .orElseGet(
                  () ->
                      cancel.runId() == null
                          ? nothingToCancel()
                          : new SessionReply.UnknownRun(cancel.runId()));
      case CancelAll _ ->
          state.shown().map(SessionReply::ofCancelled).orElseGet(SessionDecisions::nothingToCancel);
    };
  }

  private static SessionReply nothingToCancel() {
    return new SessionReply.NothingToCancel("The session has no run.");
  }

  /// The run to cancel: the one named, else the first that has not ended, else the one that ended
  /// last.
  private static Optional<Run> cancelled(SessionState state, Cancel cancel) {
    return cancel.runId() == null
        ? state.shown().or(state::lastEnded)
        : state.shown(cancel.runId());
  }

  private static List<SessionEvent> cancelAll(SessionState state, String reason, Instant now) {
    List<SessionEvent> events = new ArrayList<>();
    // Queued runs first, so that none of them starts when the one in flight ends.
    for (Run run : state.runs().reversed()) {
      events.addAll(cancel(run, reason, now));
    }
    return events;
  }

  private static List<SessionEvent> cancel(Run run, String reason, Instant now) {
    return switch (run.phase()) {
      case Phase.Queued _ -> List.of(new RunCancelled(run.runId(), reason, null, now));
      case Phase.Running _ -> {
        CancelRequested requested = new CancelRequested(run.runId(), reason, now);
        yield run.isCalling()
            ? List.of(requested)
            : List.of(requested, new RunCancelled(run.runId(), reason, null, now));
      }
      case Phase.Cancelling _, Phase.Ended _ -> List.of();
    };
  }
}
