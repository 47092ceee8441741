package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionEvent.KeyUse;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.SessionNamed;
import dev.agentrooms.agent.session.SessionEvent.SessionOpened;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.tools.Hidden;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A session's runs, and the keys of their requests. Immutable, and built from events alone.
///
/// @param createdAt null while the session does not exist: never used, or deleted
/// @param runs runs that have not ended, in queue order; only the first may be in flight
/// @param ended ended runs that are kept, oldest first
/// @param keys by the key
/// @param hidden what tools keep with the session
/// @param owner the user who ran first in it; null for nobody. A deleted session has it still, as
///     long as there is something of it
/// @param title null while it has none
public record SessionState(
    @Nullable Instant createdAt,
    @Nullable Instant lastActiveAt,
    List<Run> runs,
    List<Run> ended,
    Map<String, KeyUse> keys,
    @Nullable Hidden hidden,
    @Nullable String owner,
    @Nullable Title title) {

  public static final SessionState ABSENT =
      new SessionState(null, null, List.of(), List.of(), Map.of(), null, null, null);

  public SessionState {
    hidden = hidden == null || hidden.isEmpty() ? null : hidden;
  }

  /// What the session is called.
  public Title called() {
    // A journal of earlier times has no title.
    return (title == null ? Title.NONE : title)
        .askedIn(Stream.concat(ended.stream(), runs.stream()).filter(run -> !run.forgotten()));
  }

  /// What tools keep with the session.
  public Hidden kept() {
    return hidden == null ? Hidden.NONE : hidden;
  }

  /// Whether a user who only sees their own sessions sees this one. One that does not exist is
  /// whoever's runs in it first.
  public boolean isOpenTo(String user) {
    return !exists() || user.equals(owner);
  }

  /// Whether a user, or nobody, would begin a session where another's has been deleted of which
  /// something is left.
  public boolean isLeftBy(@Nullable String next) {
    return !exists() && owner != null && !owner.equals(next);
  }

  public boolean exists() {
    return createdAt != null;
  }

  /// The first run: in flight, or waiting for a slot.
  public Optional<Run> current() {
    return runs.stream().findFirst();
  }

  /// The run in flight.
  public Optional<Run> inFlight() {
    return current().filter(run -> run.status() != RunStatus.QUEUED);
  }

  /// The first run that clients may see, which excludes runs of a deleted session.
  Optional<Run> shown() {
    return runs.stream().filter(run -> !run.forgotten()).findFirst();
  }

  /// Like [#run], limited to runs that clients may see.
  Optional<Run> shown(String runId) {
    return run(runId).filter(run -> !run.forgotten());
  }

  Optional<Run> lastEnded() {
    return ended.isEmpty() ? Optional.empty() : Optional.of(ended.getLast());
  }

  public Optional<Run> run(String runId) {
    return runs.stream()
        .filter(run -> run.runId().equals(runId))
        .findFirst()
        .or(() -> ended.stream().filter(run -> run.runId().equals(runId)).findFirst());
  }

  /// Whether nothing is under way: there is no run, or the only one waits for a person.
  public boolean isAtRest() {
    return runs.isEmpty() || (runs.size() == 1 && runs.getFirst().status() == RunStatus.WAITING);
  }

  /// When the first of the times to answer is over; empty while nobody is asked.
  public Optional<Instant> answerBy() {
    return inFlight().stream()
        .flatMap(run -> run.steps().stream())
        .map(Step::input)
        .filter(Objects::nonNull)
        .map(Input::expiresAt)
        .min(Comparator.naturalOrder());
  }

  int queued() {
    return (int) runs.stream().filter(run -> run.status() == RunStatus.QUEUED).count();
  }

  SessionView.Status status() {
    return shown()
        .map(
            run ->
                switch (run.status()) {
                  case CANCELLING -> SessionView.Status.CANCELLING;
                  case WAITING -> SessionView.Status.WAITING;
                  case QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED -> SessionView.Status.RUNNING;
                })
        .orElse(SessionView.Status.IDLE);
  }

  /// This state after `event`.
  ///
  /// @param keptRuns how many ended runs are kept
  public SessionState evolve(SessionEvent event, int keptRuns) {
    return switch (event) {
      case RunAccepted e -> accept(e);
      case RunSucceeded e -> end(e, keptRuns);
      case RunFailed e -> end(e, keptRuns);
      case RunCancelled e -> end(e, keptRuns);
      case StepDone e -> change(e).keeping(e.hidden());
      case RunEvent e -> change(e);
      case KeysAdded e ->
          new SessionState(createdAt, e.at(), runs, ended, with(e.keys()), hidden, owner, title);
      case SessionOpened e ->
          new SessionState(
              createdAt == null ? e.at() : createdAt,
              e.at(),
              runs,
              ended,
              keys,
              hidden,
              createdAt == null ? e.owner() : owner,
              title);
      // No activity, so that the session keeps its place in the list.
      case SessionNamed e ->
          new SessionState(
              createdAt, lastActiveAt, runs, ended, keys, hidden, owner, called().named(e.title()));
      // Runs that are still being cancelled have to end, but are no longer shown.
      case SessionDeleted e ->
          new SessionState(
              null,
              null,
              runs.stream().map(Run::forgot).toList(),
              List.of(),
              Map.of(),
              null,
              owner,
              null);
    };
  }

  private SessionState accept(RunAccepted event) {
    List<Run> more = new ArrayList<>(runs);
    more.add(Run.of(event.spec(), nextNumber()));
    return new SessionState(
        createdAt == null ? event.at() : createdAt,
        event.at(),
        List.copyOf(more),
        ended,
        with(event.keys()),
        hidden,
        createdAt == null ? event.spec().caller().user() : owner,
        called().askedIn(more.stream().filter(run -> !run.forgotten())));
  }

  private long nextNumber() {
    return 1 + Stream.concat(runs.stream(), ended.stream()).mapToLong(Run::number).max().orElse(0);
  }

  private Map<String, KeyUse> with(List<KeyUse> more) {
    if (more.isEmpty()) {
      return keys;
    }
    Map<String, KeyUse> all = new HashMap<>(keys);
    more.forEach(use -> all.put(use.key(), use));
    return all;
  }

  private SessionState change(RunEvent event) {
    List<Run> changed =
        runs.stream()
            .map(run -> run.runId().equals(event.runId()) ? run.after(event) : run)
            .toList();
    return new SessionState(createdAt, touched(event), changed, ended, keys, hidden, owner, title);
  }

  // A deleted session keeps nothing, even when a run of it has yet to end.
  private SessionState keeping(@Nullable Hidden more) {
    return more == null || !exists()
        ? this
        : new SessionState(
            createdAt, lastActiveAt, runs, ended, keys, kept().and(more), owner, title);
  }

  private SessionState end(RunEvent event, int keptRuns) {
    List<Run> left = new ArrayList<>();
    List<Run> over = new ArrayList<>(ended);
    for (Run run : runs) {
      if (!run.runId().equals(event.runId())) {
        left.add(run);
      } else if (!run.forgotten()) {
        over.add(run.after(event));
      }
    }
    List<Run> kept = over.subList(Math.max(0, over.size() - keptRuns), over.size());
    return new SessionState(
        createdAt,
        touched(event),
        List.copyOf(left),
        List.copyOf(kept),
        keys,
        hidden,
        owner,
        title);
  }

  private @Nullable Instant touched(SessionEvent event) {
    return exists() ? event.at() : null;
  }
}
