package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionSnapshot.Telling;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a session knows: its state, and what it has told. Made of its events alone, in their
/// order.
public final class SessionMemory {

  /// An event, and what it was about.
  ///
  /// @param run as it was before; just accepted when there was none; null when the event is about
  ///     no run
  /// @param telling what watchers are told of it, when they are
  public record Happened(SessionEvent event, @Nullable Run run, @Nullable Telling telling) {}

  /// What some events will have made of the session, once they are recorded.
  public record Change(SessionState after, long told, List<Happened> happened) {

    public Change {
      happened = List.copyOf(happened);
    }
  }

  private final Narrator narrator;
  private final int keptRuns;
  private final ToldEvents events;
  private SessionState state = SessionState.ABSENT;
  private long told;

  /// @param keptRuns how many ended runs are kept
  /// @param lastEvents how many of its latest events a session shows
  public SessionMemory(Narrator narrator, int keptRuns, int lastEvents) {
    this.narrator = narrator;
    this.keptRuns = keptRuns;
    this.events = new ToldEvents(lastEvents);
  }

  public SessionState state() {
    return state;
  }

  public ToldEvents events() {
    return events;
  }

  /// How many events it has told in this life.
  public long told() {
    return told;
  }

  public Change prepare(List<SessionEvent> newEvents) {
    SessionState after = state;
    long number = told;
    List<Happened> happened = new ArrayList<>(newEvents.size());
    for (SessionEvent event : newEvents) {
      SessionState before = after;
      after = before.evolve(event, keptRuns);
      Run run = event instanceof RunEvent runEvent ? either(before, after, runEvent.runId()) : null;
      ProgressEvent progress =
          run != null && event instanceof RunEvent runEvent
              ? narrator.tell(run, runEvent).orElse(null)
              : null;
      happened.add(
          new Happened(event, run, progress == null ? null : new Telling(++number, progress)));
    }
    return new Change(after, number, happened);
  }

  private static @Nullable Run either(SessionState before, SessionState after, String runId) {
    return before.run(runId).or(() -> after.run(runId)).orElse(null);
  }

  /// The change has been recorded.
  public void commit(Change change) {
    state = change.after();
    told = change.told();
    for (Happened each : change.happened()) {
      Run run = each.run();
      // A deleted session keeps nothing.
      if (run != null && each.telling() != null && !run.forgotten()) {
        events.add(each.telling().event());
      }
      if (each.event() instanceof SessionDeleted) {
        events.clear();
      }
    }
    if (change.happened().stream().anyMatch(each -> endsRun(each.event()))) {
      events.keep(state);
    }
  }

  private static boolean endsRun(SessionEvent event) {
    return event instanceof RunSucceeded
        || event instanceof RunFailed
        || event instanceof RunCancelled;
  }

  public SessionSnapshot snapshot(List<Telling> undelivered) {
    return new SessionSnapshot(state, events.all(), told, undelivered);
  }

  /// Becomes what was kept.
  ///
  /// @param delivered up to which number its events have arrived
  /// @return those that have not
  public List<Telling> read(
      @Nullable SessionSnapshot snapshot, List<SessionEvent> since, long delivered) {
    List<Telling> undelivered = new ArrayList<>();
    if (snapshot != null) {
      state = snapshot.state();
      told = snapshot.told();
      events.addAll(snapshot.events());
      undelivered.addAll(snapshot.undelivered());
    }
    Change change = prepare(since);
    commit(change);
    for (Happened each : change.happened()) {
      if (each.telling() != null) {
        undelivered.add(each.telling());
      }
    }
    undelivered.removeIf(telling -> telling.n() <= delivered);
    return undelivered;
  }
}
