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

/// All that a session knows: its state, and what it has told. Made of its events alone, in their
/// order.
public final class SessionMemory {

  /// An event, and what it was about.
  ///
  /// @param run as it was before; just accepted when there was none; null when the event is about
  ///     no run
  /// @param told what watchers are told of it, when they are
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

  /// What is left of it while it sleeps.
  public SleepingSession asleep() {
    return new SleepingSession(state, told.all());
  }

  public void wake(SleepingSession asleep) {
    state = asleep.state();
    told.addAll(asleep.events());
  }
}
