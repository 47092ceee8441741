package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionEvent.RunEvent;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A session without its actor: commands in, events and progress out.
final class Story {

  private final SessionDecisions decisions = Given.decisions();
  private final List<ProgressEvent> progress = new ArrayList<>();
  private SessionState state = SessionState.ABSENT;
  private Instant now = Given.T0;

  /// Tells the session something, a millisecond after what it was told before.
  List<SessionEvent> tell(SessionCommand command) {
    now = now.plusMillis(1);
    List<SessionEvent> events = decisions.decide(state, command, now);
    for (SessionEvent event : events) {
      SessionState before = state;
      state = state.evolve(event, 50);
      if (event instanceof RunEvent runEvent) {
        before
            .run(runEvent.runId())
            .flatMap(run -> Narrator.tell(run, runEvent))
            .ifPresent(progress::add);
      }
    }
    return events;
  }

  /// Starts a run at once.
  Story with(RunSpec spec) {
    tell(
        new SessionCommand.Start(
            spec, dev.agentrooms.protocol.OnBusy.REJECT, null, SessionCommand.Turn.NOW));
    return this;
  }

  /// The tool at work answers.
  List<SessionEvent> toolAnswers(ToolResult result) {
    return tell(new SessionCommand.EndCall(inFlight().callId(), result));
  }

  /// Every tool of the run in flight answers as it should.
  Story toTheEnd() {
    while (state.inFlight().isPresent()) {
      toolAnswers(Given.success(inFlight().stage().tool()));
    }
    return this;
  }

  Run inFlight() {
    return state.inFlight().orElseThrow();
  }

  SessionState state() {
    return state;
  }

  List<ProgressEvent> progress() {
    return progress;
  }

  ProgressEvent last() {
    return progress.getLast();
  }

  List<String> steps() {
    return progress.stream().map(ProgressEvent::step).toList();
  }
}
