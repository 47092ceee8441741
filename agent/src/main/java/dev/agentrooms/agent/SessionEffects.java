package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepEvent;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Happened;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.agent.telemetry.RunMdc;
import dev.agentrooms.agent.telemetry.RunTracer.ToolSpan;
import dev.agentrooms.agent.telemetry.StepLog;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a session does about what has happened in it: tells it, and calls tools or stops them.
final class SessionEffects {

  // A session's lines all have one name.
  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private final SessionWiring wiring;
  private final SessionMemory memory;
  private final RunNames.Held names;
  private final RunReaders readers;
  private final ProgressDelivery delivery;
  private final Calls calls;

  SessionEffects(
      String sessionId,
      SessionWiring wiring,
      SessionMemory memory,
      RunNames.Held names,
      RunReaders readers,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    this.wiring = wiring;
    this.memory = memory;
    this.names = names;
    this.readers = readers;
    AgentSettings settings = wiring.settings();
    this.delivery =
        new ProgressDelivery(
            new Outbox(sessionId, settings.progress().outboxSize(), wiring.clock()),
            wiring.sink(),
            wiring.backlog(),
            wiring.metrics(),
            this::traceparent,
            settings.progress().retryDelay(),
            context,
            timers);
    this.calls = new Calls(wiring.toolbox(), settings.tools().cancelTimeout(), context, timers);
  }

  ProgressDelivery delivery() {
    return delivery;
  }

  private @Nullable String traceparent(ProgressEvent event) {
    return event.runId() == null
        ? null
        : memory.state().run(event.runId()).map(run -> run.spec().traceparent()).orElse(null);
  }

  /// Tells those who watch, follow, measure, trace and read the log.
  void tell(Happened happened) {
    Run run = happened.run();
    if (run == null || !(happened.event() instanceof RunEvent event)) {
      return;
    }
    wiring.metrics().saw(run, event);
    wiring.tracer().saw(run, event);
    ProgressEvent told = happened.told();
    if (told != null) {
      try (var _ = RunMdc.of(run.spec())) {
        StepLog.write(told);
        readers.tell(run.runId(), () -> new Numbered(run.seen().size() + 1, told));
        delivery.add(told);
      }
    }
  }

  /// @param ended is told of each run that has ended
  void act(SessionEvent event, Consumer<String> ended) {
    switch (event) {
      case StepStarted started -> call(started);
      case AttemptStarted started -> call(started);
      case AttemptFailed failed -> {
        calls.ended(failed.callId());
        open(failed).ifPresent(step -> calls.retryAfter(failed.pause(), step.attemptId()));
      }
      case StepDone done -> calls.ended(done.callId());
      case StepFailed failed -> calls.ended(failed.callId());
      case StepStopped stopped -> calls.ended(stopped.callId());
      case CancelRequested requested -> calls.cancel(requested.runId());
      case RunSucceeded over -> ended.accept(over.runId());
      case RunFailed over -> ended.accept(over.runId());
      case RunCancelled over -> ended.accept(over.runId());
      case SessionDeleted _ -> {
        LOG.info("session deleted");
        names.keepOnly(memory.state().runs());
      }
      case RunAccepted _, KeysAdded _, RunQueued _, RunStarted _, StepSkipped _ -> {}
    }
  }

  // What is over already, by a later event of the same command, is not called.
  private Optional<Step> open(StepEvent event) {
    return memory
        .state()
        .inFlight()
        .filter(run -> run.runId().equals(event.runId()))
        .flatMap(
            run ->
                run.openSteps().stream()
                    .filter(each -> each.id().equals(event.callId()))
                    .findFirst());
  }

  private void call(StepEvent event) {
    Run run = memory.state().inFlight().orElse(null);
    Step step = open(event).orElse(null);
    if (run == null || step == null || step.call().arguments() == null) {
      return;
    }
    Tool tool = wiring.tools().get(step.call().tool());
    ToolSpan span = wiring.tracer().call(run, step);
    calls
        .start(
            step.attemptId(),
            new ToolCall(tool, step.id(), span.traceparent(), step.call().arguments(), run.scope()))
        .thenAccept(span::ended);
  }

  /// Tells a tool to stop whose time is over.
  ///
  /// @return how long it had
  Duration timedOut(AttemptId attempt) {
    calls.abort(attempt.callId());
    return memory.state().inFlight().stream()
        .flatMap(run -> run.openSteps().stream())
        .filter(step -> step.id().equals(attempt.callId()))
        .findFirst()
        .flatMap(step -> wiring.tools().find(step.call().tool()))
        .map(Tool::timeout)
        .orElse(Duration.ZERO);
  }

  /// A run has ended, and gives up its slot and its name.
  void ended(String runId) {
    if (memory.state().inFlight().isEmpty()) {
      calls.over();
    }
    // The next one lines up before this one leaves, so that an interrupt inherits the slot.
    memory.state().current().ifPresent(next -> wiring.slots().ready(next.runId()));
    wiring.slots().leave(runId);
    if (!memory.state().keys().containsKey(Key.ofRun(runId))) {
      names.release(List.of(Key.ofRun(runId)));
    }
  }

  /// Lets go of everything, because the session stops.
  void stop() {
    calls.abortAll();
    for (Run run : memory.state().runs()) {
      wiring.slots().leave(run.runId());
      wiring.tracer().lost(run);
    }
    delivery.forget();
    names.releaseAll();
  }
}
