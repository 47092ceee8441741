package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything a session remembers: its state and its progress events, built from its session
/// events alone.
public final class SessionMemory {

  /// A session event, with the run it concerns and the progress event it becomes.
  ///
  /// @param run the run before the event; for the first event, as accepted; null when the event
  ///     concerns no run
  /// @param told the progress event; null when watchers are not told
  public record Happened(SessionEvent event, @Nullable Run run, @Nullable ProgressEvent told) {}

  private final Narrator narrator;
  private final int keptRuns;
  private final ToldEvents told;
  private SessionState state = SessionState.ABSENT;

  /// @param keptRuns how many ended runs are kept
  /// @param lastEvents how many of its latest events a session shows
  public SessionMemory(Narrator narrator, int keptRuns, int lastEvents) {
    this.narrator = narrator;
    this.keptRuns = keptRuns;
    this.told = new ToldEvents(lastEvents);
  }

  public SessionState state() {
    return state;
  }

  public ToldEvents told() {
    return told;
  }

  public List<Happened> add(List<SessionEvent> events) {
    List<Happened> happened = new ArrayList<>(events.size());
    for (SessionEvent event : events) {
      SessionState before = state;
      state = state.evolve(event, keptRuns);
      happened.add(
          event instanceof RunEvent runEvent
              ? happened(before, runEvent)
              : new Happened(event, null, null));
      switch (event) {
        case SessionDeleted _ -> told.clear();
        case RunSucceeded _, RunFailed _, RunCancelled _ -> told.keep(state);
        default -> {}
      }
    }
    return happened;
  }

  private Happened happened(SessionState before, RunEvent event) {
    Run run = before.run(event.runId()).or(() -> state.run(event.runId())).orElse(null);
    if (run == null) {
      return new Happened(event, null, null);
    }
    ProgressEvent progress = narrator.tell(run, event).orElse(null);
    // A deleted session keeps nothing.
    if (progress != null && !run.forgotten()) {
      told.add(progress);
    }
    return new Happened(event, run, progress);
  }

  /// What is kept while the session is passivated.
  public SleepingSession asleep() {
    return new SleepingSession(state, told.all());
  }

  public void wake(SleepingSession asleep) {
    state = asleep.state();
    told.addAll(asleep.events());
  }
}
