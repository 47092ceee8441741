package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.Run.CallId;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A session without its actor: commands in, events and progress out.
public final class Story {

  private final SessionDecisions decisions = Given.decisions();
  private final List<ProgressEvent> progress = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private SessionState state = SessionState.ABSENT;
  private Instant now = Given.T0;

  /// Tells the session something, a millisecond after what it was told before.
  public List<SessionEvent> tell(SessionCommand command) {
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
  public Story with(RunSpec spec) {
    tell(new SessionCommand.Start(spec, OnBusy.REJECT, List.of(), Turn.NOW));
    return this;
  }

  /// The tool at work answers.
  public List<SessionEvent> toolAnswers(ToolResult result) {
    return tell(new SessionCommand.EndCall(inFlight().callId(), result));
  }

  /// Every tool of the run in flight answers as it should.
  public Story toTheEnd() {
    while (state.inFlight().isPresent()) {
      toolAnswers(Given.success(inFlight().stage().tool()));
    }
    return this;
  }

  /// A command of the kind `number`, of 22, about the run that it fits best.
  public SessionCommand any(int number) {
    CallId call = state.inFlight().map(Run::callId).orElse(new CallId("r-1", 0, 1));
    String current = state.current().map(Run::runId).orElse("r-1");
    String last = state.runs().isEmpty() ? "r-1" : state.runs().getLast().runId();
    Tool tool = state.inFlight().map(run -> run.stage().tool()).orElse(Tool.RAG_ANSWER);
    return switch (number) {
      case 0, 1 -> start(OnBusy.REJECT, Turn.NOW);
      case 2, 3 -> start(OnBusy.ENQUEUE, Turn.LATER);
      case 4 -> start(OnBusy.INTERRUPT, Turn.LATER);
      case 5, 6, 7 -> new SessionCommand.TakeTurn(current);
      case 8 -> new SessionCommand.TakeTurn(last);
      case 9, 10, 11 -> new SessionCommand.EndCall(call, Given.success(tool));
      case 12 -> new SessionCommand.EndCall(call, Given.refused());
      case 13 -> new SessionCommand.EndCall(call, Given.status(500));
      case 14 -> new SessionCommand.EndCall(call, new ToolResult.Stopped());
      case 15 ->
          new SessionCommand.EndCall(
              new CallId(call.runId(), call.stageIndex(), call.attempt() - 1), Given.success(tool));
      case 16 -> new SessionCommand.Retry(call);
      case 17 -> new SessionCommand.Cancel(last, "requested");
      case 18 -> new SessionCommand.Abandon(current);
      case 19 -> new SessionCommand.CancelAll("shutdown");
      case 20 -> new SessionCommand.Break(current, "internal error");
      default -> new SessionCommand.Delete("session_deleted");
    };
  }

  private SessionCommand start(OnBusy onBusy, Turn turn) {
    String runId = "r-" + (started.size() + 1);
    started.add(runId);
    String question = started.size() % 2 == 0 ? Given.QUIZ : Given.ASK;
    return new SessionCommand.Start(Given.spec(runId, question), onBusy, List.of(), turn);
  }

  /// The runs that [#any] has started.
  public List<String> started() {
    return started;
  }

  public Run inFlight() {
    return state.inFlight().orElseThrow();
  }

  public SessionState state() {
    return state;
  }

  public List<ProgressEvent> progress() {
    return progress;
  }

  public ProgressEvent last() {
    return progress.getLast();
  }

  public List<String> steps() {
    return progress.stream().map(ProgressEvent::step).toList();
  }
}
