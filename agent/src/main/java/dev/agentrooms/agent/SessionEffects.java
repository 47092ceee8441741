package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.SessionProtocol.Writing;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionCommand.TakeTurn;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.agent.session.SessionEvent.KeysAdded;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.SessionDeleted;
import dev.agentrooms.agent.session.SessionEvent.SessionNamed;
import dev.agentrooms.agent.session.SessionEvent.SessionOpened;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepProgressed;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionMemory.Happened;
import dev.agentrooms.agent.session.SessionSnapshot.Telling;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.agent.telemetry.RunMdc;
import dev.agentrooms.agent.telemetry.StepLog;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.protocol.RunStatus;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a session does about what has happened in it: tells it, and calls tools or stops them.
final class SessionEffects {

  // A session's lines all have one name.
  private static final Logger LOG = LoggerFactory.getLogger(SessionSurroundings.LOGGER);

  private final String sessionId;
  private final ActorRef<Command> self;
  private final SessionWiring wiring;
  private final SessionMemory memory;
  private final RunListeners listeners;
  private final ProgressDelivery delivery;
  private final Texts texts;
  private final Calls calls;
  private final StepCalls steps;

  SessionEffects(
      SessionSurroundings around, SessionMemory memory, RunListeners listeners, LongSupplier life) {
    this.sessionId = around.sessionId();
    this.self = around.context().getSelf();
    this.wiring = around.wiring();
    this.memory = memory;
    this.listeners = listeners;
    AgentSettings settings = wiring.settings();
    this.delivery =
        new ProgressDelivery(
            new Outbox(around.sessionId(), settings.progress().outboxSize(), wiring.clock()),
            wiring.sink(),
            wiring.backlog(),
            wiring.metrics(),
            life,
            () -> memory.state().owner(),
            this::traceparent,
            settings.progress().retryDelay(),
            around.context(),
            around.timers());
    this.texts =
        new Texts(around.sessionId(), wiring.sink(), delivery, around.context(), around.timers());
    delivery.blockWhile(texts::isUnderWay);
    this.calls =
        new Calls(
            wiring.toolbox(), settings.tools().cancelTimeout(), around.context(), around.timers());
    this.steps = new StepCalls(wiring, memory, calls, texts);
  }

  /// Goes on telling where an earlier life of the actor stopped.
  void resume(long delivered, List<Telling> undelivered) {
    delivery.resume(delivered, undelivered);
  }

  /// What is not delivered by now never will be.
  void giveUpDelivery() {
    if (!delivery.isDone()) {
      LOG.warn("{} events were never delivered; they are dropped", delivery.waiting());
      delivery.giveUp();
    }
  }

  /// An attempt has ended.
  ///
  /// @return its end as it is decided on; null when it is told again later
  @Nullable EndAttempt ended(EndAttempt end) {
    calls.answered(end.attempt());
    return texts.ended(end);
  }

  void settled(Outcome outcome) {
    delivery.settled(outcome);
    texts.goOn();
  }

  void writing(Writing what) {
    texts.on(what);
  }

  ProgressDelivery delivery() {
    return delivery;
  }

  private @Nullable String traceparent(ProgressEvent event) {
    return event.runId() == null
        ? null
        : memory.state().run(event.runId()).map(run -> run.spec().traceparent()).orElse(null);
  }

  /// A change has been recorded: all of it becomes state before the first act.
  void commit(Change change) {
    boolean existed = memory.state().exists();
    memory.commit(change);
    if (!existed && memory.state().exists()) {
      LOG.info("session created");
    }
    change.happened().forEach(this::tell);
    change.happened().forEach(each -> act(each.event()));
    memory.state().inFlight().ifPresent(this::holdSlotOrNot);
    // A run that waits may be the first already, when what it interrupted needed no time to end.
    memory.state().current().ifPresent(first -> wiring.slots().ready(first.spec().place()));
  }

  // A run that waits for a person holds none. One that has been answered asks for one.
  private void holdSlotOrNot(Run run) {
    if (run.status() == RunStatus.WAITING) {
      wiring.slots().leave(run.spec().place());
      listeners.waits(run.runId(), () -> SessionViews.run(memory.state(), run.runId()));
    }
  }

  /// Tells those who watch, follow, measure, trace and read the log.
  private void tell(Happened happened) {
    Run run = happened.run();
    if (run == null || !(happened.event() instanceof RunEvent event)) {
      return;
    }
    wiring.metrics().saw(run, event);
    wiring.tracer().saw(run, event);
    Telling telling = happened.telling();
    if (telling != null) {
      try (var _ = RunMdc.of(run.spec())) {
        StepLog.write(telling.event());
        int n = run.seen().size() + 1;
        listeners.tell(run.runId(), n, () -> new Numbered(n, telling.event()));
        delivery.add(telling);
      }
    }
  }

  private void act(SessionEvent event) {
    switch (event) {
      case StepStarted started -> steps.call(started);
      case AttemptStarted started -> steps.call(started);
      case StepInterrupted interrupted -> steps.call(interrupted);
      case AttemptFailed failed -> {
        calls.ended(failed.callId());
        steps.callAgain(failed);
      }
      case StepProgressed progressed -> calls.progressed(progressed.callId());
      case InputRequired asked -> calls.ended(asked.callId());
      case InputReceived received -> goOn(received.runId());
      case StepDone done -> calls.ended(done.callId());
      case StepFailed failed -> calls.ended(failed.callId());
      case StepStopped stopped -> calls.ended(stopped.callId());
      case CancelRequested requested -> {
        calls.cancel(requested.runId());
        texts.releaseAll();
      }
      case RunSucceeded over -> ended(over.runId());
      case RunFailed over -> ended(over.runId());
      case RunCancelled over -> ended(over.runId());
      case SessionDeleted _ -> LOG.info("session deleted");
      case SessionOpened _,
          SessionNamed _,
          RunAccepted _,
          KeysAdded _,
          RunQueued _,
          RunStarted _,
          StepSkipped _ -> {}
    }
  }

  /// People have answered, and the run goes on with a slot of its own.
  private void goOn(String runId) {
    if (memory.state().run(runId).filter(Run::isAnswered).isPresent()) {
      wiring.slots().enterBack(place(runId), () -> self.tell(new Told(new TakeTurn(runId))));
    }
  }

  /// Tells a tool to stop whose time is over.
  ///
  /// @return the end of that attempt
  EndAttempt timedOut(AttemptId attempt) {
    return steps.timedOut(attempt);
  }

  /// A run has ended, and gives up its slot.
  void ended(String runId) {
    if (memory.state().inFlight().isEmpty()) {
      calls.over();
      texts.over();
    }
    // The next one lines up before this one leaves, so that an interrupt inherits the slot.
    memory.state().current().ifPresent(next -> wiring.slots().ready(next.spec().place()));
    wiring.slots().leave(place(runId));
    listeners.over(runId, () -> SessionViews.run(memory.state(), runId));
  }

  private String place(String runId) {
    return RunSpec.place(sessionId, runId);
  }

  /// Lets go of everything, because the session stops.
  void stop() {
    calls.abortAll();
    for (Run run : memory.state().runs()) {
      wiring.slots().leave(run.spec().place());
      wiring.tracer().lost(run);
    }
    delivery.forget();
  }
}
