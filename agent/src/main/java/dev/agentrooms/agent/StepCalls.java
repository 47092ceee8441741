package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.StepEvent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.agent.telemetry.RunTracer.ToolSpan;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.remote.RemoteAgent;
import java.time.Duration;
import java.util.Optional;

/// Calls a session's tools for the steps that it has recorded.
final class StepCalls {

  private final SessionWiring wiring;
  private final SessionMemory memory;
  private final Calls calls;
  private final Texts texts;

  StepCalls(SessionWiring wiring, SessionMemory memory, Calls calls, Texts texts) {
    this.wiring = wiring;
    this.memory = memory;
    this.calls = calls;
    this.texts = texts;
  }

  /// Makes the attempt that has been recorded.
  void call(StepEvent event) {
    Run run = memory.state().inFlight().orElse(null);
    Step step = open(event).orElse(null);
    if (run == null || step == null || !step.isCalling() || step.call().arguments() == null) {
      return;
    }
    Tool tool = wiring.tools().get(step.call().tool());
    ToolSpan span = wiring.tracer().call(run, step);
    ToolCall call =
        new ToolCall(
                tool,
                run.spec().toolsName(step.id()),
                span.traceparent(),
                step.call().arguments(),
                run.scope())
            .with(memory.state().kept());
    calls
        .start(
            step.attemptId(),
            RemoteAgent.is(tool)
                ? call.with(SessionViews.conversation(memory.state(), wiring.agent()))
                : call,
            texts.begin(step, run.runId()))
        .thenAccept(span::ended);
  }

  /// Makes another attempt, after the pause that was decided on.
  void callAgain(AttemptFailed failed) {
    open(failed)
        .ifPresent(step -> calls.retryAfter(Duration.ofMillis(failed.pauseMs()), step.attemptId()));
  }

  /// Tells a tool to stop whose time is over.
  ///
  /// @return the end of that attempt
  EndAttempt timedOut(AttemptId attempt) {
    calls.abort(attempt.callId());
    Duration limit =
        memory
            .state()
            .inFlight()
            .flatMap(run -> open(run, attempt.callId()))
            .flatMap(step -> wiring.tools().find(step.call().tool()))
            .map(Tool::timeout)
            .orElse(Duration.ZERO);
    return new EndAttempt(
        attempt,
        new ToolResult.Failed(
            ToolResult.Reason.TIMEOUT,
            null,
            "The service did not answer within " + limit.toMillis() + " ms."));
  }

  // What is over already, by a later event of the same command, is not called.
  private Optional<Step> open(StepEvent event) {
    return memory
        .state()
        .inFlight()
        .filter(run -> run.runId().equals(event.runId()))
        .flatMap(run -> open(run, event.callId()));
  }

  private static Optional<Step> open(Run run, String callId) {
    return run.openSteps().stream().filter(step -> step.id().equals(callId)).findFirst();
  }
}
