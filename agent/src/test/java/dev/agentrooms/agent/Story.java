package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionMemory.Happened;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A session without an actor: commands in, events and progress out.
public final class Story {

  private final SessionDecisions decisions;
  private final SessionMemory memory;
  private final List<ProgressEvent> progress = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private Instant now = Given.T0;

  public Story() {
    this(Given.agent(), Given.tools());
  }

  /// With an agent other than the built-in one.
  public Story(Agent agent, Tools tools) {
    this.decisions = new SessionDecisions(agent, tools, Given.ANSWER_TIME);
    this.memory = new SessionMemory(new Narrator(agent, tools), 50, 50);
  }

  /// Gives the session a command, a millisecond after the previous one.
  public List<SessionEvent> tell(SessionCommand command) {
    now = now.plusMillis(1);
    List<SessionEvent> events = decisions.decide(state(), command, now);
    Change change = memory.prepare(events);
    memory.commit(change);
    for (Happened happened : change.happened()) {
      if (happened.telling() != null) {
        progress.add(happened.telling().event());
      }
    }
    return events;
  }

  /// Starts a run at once.
  public Story with(RunSpec spec) {
    tell(new SessionCommand.Start(spec, OnBusy.REJECT, List.of(), Turn.NOW));
    return this;
  }

  /// The called tool answers.
  public List<SessionEvent> toolAnswers(ToolResult result) {
    return tell(new SessionCommand.EndAttempt(attempt(), result));
  }

  /// All tools of the run in flight answer successfully.
  public Story toTheEnd() {
    while (state().inFlight().isPresent()) {
      toolAnswers(Given.success(tool()));
    }
    return this;
  }

  /// A command of kind `number` (of 22), for the run that it fits best.
  public SessionCommand any(int number) {
    AttemptId call = attempt();
    SessionState state = state();
    String current = state.current().map(Run::runId).orElse("r-1");
    String last = state.runs().isEmpty() ? "r-1" : state.runs().getLast().runId();
    String tool = tool();
    return switch (number) {
      case 0, 1 -> start(OnBusy.REJECT, Turn.NOW);
      case 2, 3 -> start(OnBusy.ENQUEUE, Turn.LATER);
      case 4 -> start(OnBusy.INTERRUPT, Turn.LATER);
      case 5, 6, 7 -> new SessionCommand.TakeTurn(current);
      case 8 -> new SessionCommand.TakeTurn(last);
      case 9, 10, 11 -> new SessionCommand.EndAttempt(call, Given.success(tool));
      case 12 -> new SessionCommand.EndAttempt(call, Given.refused());
      case 13 -> new SessionCommand.EndAttempt(call, Given.status(500));
      case 14 -> new SessionCommand.EndAttempt(call, new ToolResult.Stopped());
      case 15 ->
          new SessionCommand.EndAttempt(
              new AttemptId(call.callId(), call.attempt() - 1), Given.success(tool));
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

  /// The present or due attempt; a non-existent one when there is none.
  public AttemptId attempt() {
    return open().map(Step::attemptId).orElse(new AttemptId("r-1.retrieval.1", 1));
  }

  /// The tool that is called.
  public String tool() {
    return open().map(step -> step.call().tool()).orElse("rag_answer");
  }

  private Optional<Step> open() {
    return state().inFlight().stream().flatMap(run -> run.openSteps().stream()).findFirst();
  }

  public SessionState state() {
    return memory.state();
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
