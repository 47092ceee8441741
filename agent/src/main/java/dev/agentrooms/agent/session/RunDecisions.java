package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import java.time.Instant;
import java.util.List;

/// Decides what follows the start of a run and the end of an attempt. The only place where the
/// agent is asked what comes next.
final class RunDecisions {

  // More skipped or failed steps in a row mean a bug in the agent.
  private static final int MAX_STEPS_AT_ONCE = 1000;

  // A call in which the process always dies may be what kills it.
  private static final int MAX_INTERRUPTIONS = 5;

  private final Agent agent;
  private final Tools tools;
  private final Inputs inputs;

  RunDecisions(Agent agent, Tools tools, Inputs inputs) {
    this.agent = agent;
    this.tools = tools;
    this.inputs = inputs;
  }

  List<SessionEvent> begin(Run run, Instant now) {
    Course course = new Course(run, now);
    course.tell(new RunStarted(run.runId(), agent.plan(run.spec()), now));
    return goOn(course);
  }

  List<SessionEvent> endAttempt(Run run, Step step, ToolResult result, Instant now) {
    if (run.phase() instanceof Phase.Cancelling) {
      return Stopping.stopped(run, step, result, now);
    }
    Course course = new Course(run, now);
    switch (result) {
      case ToolResult.Succeeded(var output, var meta, var hidden) ->
          course.tell(
              new StepDone(
                  run.runId(), step.id(), output, meta.isEmpty() ? null : meta, hidden, now));
      case ToolResult.Failed failed ->
          tools
              .find(step.call().tool())
              .flatMap(tool -> tool.pauseAfter(failed, step.attempt()))
              .ifPresentOrElse(
                  pause ->
                      course.tell(
                          new AttemptFailed(
                              run.runId(), step.id(), Failure.of(failed), pause.toMillis(), now)),
                  () -> course.fail(step.id(), Failure.of(failed)));
      case ToolResult.Stopped _ ->
          course.fail(
              step.id(),
              new Failure(ToolResult.Reason.CONNECTION_LOST.word(), null, "The call was stopped."));
      case ToolResult.Asks(var requests, var meta) ->
          inputs.ask(course, step.id(), requests, meta.isEmpty() ? null : meta);
    }
    return goOn(course);
  }

  /// A call begins, or waits for a person who must agree to it.
  private void start(Course course, Call call) {
    StepStarted started = course.started(call);
    course.tell(started);
    Tool tool = tools.find(call.tool()).orElse(null);
    JsonNode arguments = call.arguments();
    if (tool == null || !tool.approve() || call.agreedIn() != null || arguments == null) {
      return;
    }
    try {
      tool.check(arguments);
      inputs.ask(course, started.callId(), List.of(InputRequest.approve(tool, arguments)), null);
    } catch (InvalidField e) {
      // Nobody is asked about what cannot be called.
      String reason = ToolResult.Reason.INVALID_ARGUMENTS.word();
      course.fail(started.callId(), new Failure(reason, null, e.detail()));
    }
  }

  /// A run of which people have answered all that they were asked, and which has a slot.
  List<SessionEvent> goOn(Run run, Instant now) {
    Course course = new Course(run, now);
    return !(run.phase() instanceof Phase.Running) || Inputs.obey(course)
        ? course.events()
        : goOn(course);
  }

  /// A run that was in flight when its process died: what was called is called again, what was to
  /// stop has stopped.
  List<SessionEvent> resume(Run run, Instant now) {
    if (run.phase() instanceof Phase.Cancelling) {
      return List.of(Stopping.cancelled(run, null, now));
    }
    if (run.forgotten()) {
      return List.of(new RunCancelled(run.runId(), "session_deleted", null, now));
    }
    List<SessionEvent> expired = Inputs.expire(run, now);
    if (!expired.isEmpty()) {
      return expired;
    }
    Course course = new Course(run, now);
    if (Inputs.obey(course)) {
      return course.events();
    }
    for (Step step : run.openSteps()) {
      if (step.input() != null || step.state() instanceof Step.Answered) {
        continue;
      }
      if (!step.isCalling()) {
        course.tell(new AttemptStarted(run.runId(), step.id(), now));
      } else if (tools.find(step.call().tool()).filter(Tool::once).isPresent()) {
        return List.of(
            new RunFailed(
                run.runId(),
                step.call().step()
                    + " was interrupted by a crash, and what it has done is unknown.",
                "unknown_outcome",
                now));
      } else if (step.interruptions() + 1 < MAX_INTERRUPTIONS) {
        course.tell(new StepInterrupted(run.runId(), step.id(), now));
      } else {
        course.fail(
            step.id(),
            new Failure(
                "interrupted",
                null,
                "The server died in each of " + MAX_INTERRUPTIONS + " calls."));
      }
    }
    return goOn(course);
  }

  /// Asks the agent what comes next until a call is open or the run has ended.
  private List<SessionEvent> goOn(Course course) {
    for (int i = 0; i < MAX_STEPS_AT_ONCE; i++) {
      if (!course.run().openSteps().isEmpty()) {
        return course.events();
      }
      String runId = course.run().runId();
      switch (agent.next(course.run())) {
        case Next.Calls(var calls) -> calls.forEach(call -> start(course, call));
        case Next.Ask(Call call, InputRequest request) -> {
          StepStarted started = course.started(call);
          course.tell(started);
          inputs.ask(course, started.callId(), List.of(request), null);
        }
        case Next.Unable(Call call, Failure why) -> {
          StepStarted started = course.started(call);
          course.tell(started);
          course.fail(started.callId(), why);
        }
        case Next.Skip(Call call) ->
            course.tell(new StepSkipped(runId, course.run().callId(call), call, course.now()));
        case Next.Finish(var result) -> {
          course.tell(new RunSucceeded(runId, result, course.now()));
          return course.events();
        }
        case Next.Fail(String error, String reason) -> {
          course.tell(new RunFailed(runId, error, reason, course.now()));
          return course.events();
        }
      }
    }
    throw new IllegalStateException("the agent never comes to an end");
  }
}
