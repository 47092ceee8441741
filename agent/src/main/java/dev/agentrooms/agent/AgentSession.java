package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Delivery;
import dev.agentrooms.agent.Toolbox.ToolCall;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.Run.CallId;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionDecisions.Admission;
import dev.agentrooms.agent.session.SessionEvent;
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
import dev.agentrooms.agent.session.SessionEvent.StageDone;
import dev.agentrooms.agent.session.SessionEvent.StageStarted;
import dev.agentrooms.agent.session.SessionEvent.ToolFailed;
import dev.agentrooms.agent.session.SessionEvent.ToolFailedOnce;
import dev.agentrooms.agent.session.SessionEvent.ToolRetried;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.agent.session.SleepingSession;
import dev.agentrooms.agent.session.ToldEvents;
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.agent.telemetry.RunMdc;
import dev.agentrooms.agent.telemetry.RunTracer.ToolSpan;
import dev.agentrooms.agent.telemetry.StepLog;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunEvents.Numbered;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session: it orders what its users and its tools say, asks [SessionDecisions] what comes of
/// it, and acts on the answer. Idle for a while it is put away, which nobody can tell, and idle for
/// its ttl it is forgotten; either way it asks its shard to be let go.
final class AgentSession {

  sealed interface Command {}

  /// What users ask; sharding hands these over to the next life of a session that is leaving.
  sealed interface Request extends Command {}

  record Start(SessionCommand.Start start, ActorRef<SessionReply> replyTo) implements Request {}

  record Cancel(@Nullable String runId, String reason, ActorRef<SessionReply> replyTo)
      implements Request {}

  /// Answers once the run has ended.
  record Await(String runId, ActorRef<SessionReply> replyTo) implements Request {}

  record Read(ActorRef<SessionReply> replyTo) implements Request {}

  record ReadRun(String runId, ActorRef<SessionReply> replyTo) implements Request {}

  record ReadEvents(String runId, long after, int limit, ActorRef<SessionReply> replyTo)
      implements Request {}

  /// Answers with the events that there are; the others go to `reader`, which is completed at the
  /// run's end.
  record Follow(
      String runId, long after, BoundedSourceQueue<Numbered> reader, ActorRef<SessionReply> replyTo)
      implements Request {}

  record ReadMessages(long after, int limit, ActorRef<SessionReply> replyTo) implements Request {}

  record Delete(ActorRef<SessionReply> replyTo) implements Request {}

  /// Cancels every run, in flight or waiting, and keeps the session.
  record CancelAll(String reason) implements Request {}

  /// The last message, from the shard.
  enum Stop implements Command {
    INSTANCE
  }

  /// What a session hears from its own timers and from what works for it.
  sealed interface Notice extends Command {}

  private record TurnCame(String runId) implements Notice {}

  record CallEnded(CallId call, ToolResult result) implements Notice {}

  record CallTimedOut(CallId call) implements Notice {}

  record RetryDue(CallId call) implements Notice {}

  record StopOverdue(String runId) implements Notice {}

  record Settled(Delivery delivery) implements Notice {}

  enum Tick implements Notice {
    REDELIVER,
    SLEEP,
    IDLE,
    OUTBOX_EXPIRED
  }

  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private final String sessionId;
  private final SessionWiring wiring;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Consumer<Request> nextLife;
  private final ProgressDelivery delivery;
  private final ToolWork work;
  private final IdleTime idle;
  private final ToldEvents told;
  private final RunReaders readers = new RunReaders();
  private final Map<String, List<ActorRef<SessionReply>>> awaiting = new HashMap<>();
  private SessionState state = SessionState.ABSENT;
  private RunNames.Held names;

  private AgentSession(
      String sessionId,
      SessionWiring wiring,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    this.sessionId = sessionId;
    this.wiring = wiring;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.nextLife = nextLife;
    this.delivery =
        new ProgressDelivery(
            new Outbox(sessionId, wiring.settings().progress().outboxSize(), wiring.clock()),
            wiring.sink(),
            wiring.backlog(),
            wiring.metrics(),
            this::traceparent,
            wiring.settings().progress().retryDelay(),
            context,
            timers);
    this.work = new ToolWork(wiring.toolbox(), wiring.settings().tools(), context, timers);
    this.idle = new IdleTime(wiring.settings(), timers);
    this.told = new ToldEvents(wiring.settings().session().lastEvents());
    this.names = wiring.index().names().none();
  }

  /// @param shard whom to ask to be let go
  /// @param nextLife where to send requests that arrive after that
  static Behavior<Command> create(
      String sessionId,
      SessionWiring wiring,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    return Behaviors.withMdc(
        Command.class,
        Map.of("session_id", sessionId),
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        new AgentSession(sessionId, wiring, context, timers, shard, nextLife)
                            .begin())));
  }

  /// Goes on where it went to sleep, if it did.
  private Behavior<Command> begin() {
    SessionIndex.Asleep asleep = wiring.index().wake(sessionId);
    if (asleep != null) {
      names = asleep.names();
      try {
        wake(SleepingSession.unpack(asleep.packed()));
      } catch (RuntimeException | StackOverflowError bug) {
        LOG.error("what was put away cannot be read; the session is lost", bug);
        names.releaseAll();
        wiring.index().remove(sessionId);
      }
    }
    return living();
  }

  private void wake(SleepingSession asleep) {
    state = asleep.state();
    told.addAll(asleep.events());
    if (state.lastActiveAt() != null) {
      idle.begin(Duration.between(state.lastActiveAt(), wiring.clock().instant()));
    }
  }

  private Behavior<Command> living() {
    return Behaviors.receive(Command.class)
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  private Behavior<Command> leaving() {
    if (!delivery.isDone()) {
      LOG.warn("{} events were never delivered; they are dropped", delivery.waiting());
    }
    if (state.exists()) {
      LOG.info("session forgotten: nobody has used it for {}", wiring.settings().session().ttl());
    }
    names.releaseAll();
    wiring.index().remove(sessionId);
    return letGo(this::onStopped);
  }

  /// Sleeps, unless it has something to do or to deliver, or is too large to be put away.
  private Behavior<Command> mayFallAsleep() {
    if (!state.exists() || !state.runs().isEmpty()) {
      return Behaviors.same();
    }
    if (!delivery.isDone()) {
      idle.sleepLater();
      return Behaviors.same();
    }
    byte[] packed = new SleepingSession(state, told.all()).pack();
    if (packed == null) {
      return Behaviors.same();
    }
    wiring.index().putAway(sessionId, packed, names);
    return letGo(Behaviors::same);
  }

  /// Asks its shard to be let go: what still comes belongs to the next life.
  private Behavior<Command> letGo(Supplier<Behavior<Command>> onStopped) {
    timers.cancelAll();
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    return Behaviors.receive(Command.class)
        .onMessage(
            Request.class,
            request -> {
              nextLife.accept(request);
              return Behaviors.same();
            })
        .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(late -> Behaviors.same())
        .onSignal(PostStop.class, stopped -> onStopped.get())
        .build();
  }

  /// A bug in one run ends that run, where everybody can see it, and nothing else. That goes for a
  /// deep recursion or a class that cannot be loaded, too: Pekko would end the JVM for these.
  private Behavior<Command> onCommand(Command command) {
    try {
      return handle(command);
    } catch (RuntimeException | Error bug) {
      LOG.error("{} failed", command.getClass().getSimpleName(), bug);
      return failed(command);
    }
  }

  private Behavior<Command> failed(Command command) {
    try {
      // Replies are the last thing that a handler does, so there has been none.
      switch (command) {
        case Start start -> brokenFor(start.replyTo(), () -> broken(start.start().spec().runId()));
        case Cancel cancel -> brokenFor(cancel.replyTo(), this::currentIsBroken);
        case Delete delete -> brokenFor(delete.replyTo(), this::currentIsBroken);
        case Await await -> await.replyTo().tell(new SessionReply.Broken());
        case Read read -> read.replyTo().tell(new SessionReply.Broken());
        case ReadRun read -> read.replyTo().tell(new SessionReply.Broken());
        case ReadEvents read -> read.replyTo().tell(new SessionReply.Broken());
        case ReadMessages read -> read.replyTo().tell(new SessionReply.Broken());
        case Follow follow -> follow.replyTo().tell(new SessionReply.Broken());
        case CancelAll _, Notice _, Stop _ -> currentIsBroken();
      }
      return Behaviors.same();
    } catch (RuntimeException | Error worse) {
      LOG.error("the session cannot even say that something failed; it is lost", worse);
      return Behaviors.stopped();
    }
  }

  private static void brokenFor(ActorRef<SessionReply> caller, Runnable end) {
    try {
      end.run();
    } finally {
      caller.tell(new SessionReply.Broken());
    }
  }

  private void currentIsBroken() {
    state.current().ifPresent(run -> broken(run.runId()));
  }

  private void broken(String runId) {
    if (state.current().filter(run -> run.runId().equals(runId)).isPresent()) {
      apply(new SessionCommand.Break(runId, "internal error"));
    } else if (state.runs().stream().anyMatch(run -> run.runId().equals(runId))) {
      // It waits behind one that is not to blame.
      apply(new SessionCommand.Cancel(runId, "internal error"));
    } else {
      ended(runId);
    }
  }

  private Behavior<Command> handle(Command command) {
    switch (command) {
      case Start request -> onStart(request);
      case Cancel request -> onCancel(request);
      case Await request -> onAwait(request);
      case Read request ->
          request
              .replyTo()
              .tell(
                  state.exists()
                      ? new SessionReply.Session(
                          SessionViews.session(sessionId, state, told.latest()))
                      : new SessionReply.UnknownSession());
      case ReadRun request -> request.replyTo().tell(SessionViews.run(state, request.runId()));
      case ReadEvents request ->
          request
              .replyTo()
              .tell(
                  SessionViews.events(
                      state,
                      request.runId(),
                      told.of(request.runId(), request.after()),
                      request.limit()));
      case ReadMessages request ->
          request.replyTo().tell(SessionViews.messages(state, request.after(), request.limit()));
      case Follow request -> onFollow(request);
      case Delete request -> onDelete(request);
      case CancelAll request -> apply(new SessionCommand.CancelAll(request.reason()));
      case TurnCame turn -> apply(new SessionCommand.TakeTurn(turn.runId()));
      case CallEnded ended -> apply(new SessionCommand.EndCall(ended.call(), ended.result()));
      case CallTimedOut timedOut -> onCallTimedOut(timedOut.call());
      case RetryDue due -> apply(new SessionCommand.Retry(due.call()));
      case StopOverdue overdue -> apply(new SessionCommand.Abandon(overdue.runId()));
      case Settled settled -> delivery.settled(settled.delivery());
      case Tick tick -> {
        return onTick(tick);
      }
      case Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return mayLeave() ? leaving() : Behaviors.same();
  }

  private void onStart(Start request) {
    SessionCommand.Start start = request.start();
    String runId = start.spec().runId();
    ActorRef<Command> self = context.getSelf();
    Runnable onTurn = () -> self.tell(new TurnCame(runId));
    RunSlots slots = wiring.slots();
    SessionReply reply =
        switch (wiring.decisions().admit(state, start)) {
          case Admission.Known known -> known(start, known);
          case Admission.Busy(String busy) -> new SessionReply.Busy(busy);
          case Admission.KeyReused reused -> new SessionReply.KeyReused();
          case Admission.RunIdTaken(String taken) -> new SessionReply.RunIdTaken(taken);
          case Admission.TooManyKeys tooMany -> new SessionReply.TooManyKeys();
          case Admission.Free free -> admitted(start, () -> slots.enter(runId, onTurn));
          case Admission.Behind behind -> admitted(start, () -> slots.enterBehind(runId, onTurn));
          case Admission.Instead(String replaced) ->
              admitted(start, () -> slots.enterInstead(runId, replaced, onTurn));
        };
    wiring.metrics().runRefused(reply);
    request.replyTo().tell(reply);
  }

  private SessionReply known(SessionCommand.Start start, Admission.Known known) {
    List<String> more = known.more().stream().filter(Key::everywhere).map(Key::key).toList();
    String taken = names.take(more);
    if (taken != null) {
      return SessionViews.taken(start, taken);
    }
    apply(new SessionCommand.AddKeys(known.runId(), known.status(), known.more()));
    return new SessionReply.Accepted(known.runId(), known.status());
  }

  private SessionReply admitted(SessionCommand.Start start, Supplier<RunSlots.Entry> enter) {
    String taken = names.take(start.names());
    if (taken != null) {
      return SessionViews.taken(start, taken);
    }
    return switch (enter.get()) {
      case FULL -> {
        names.release(start.names());
        yield new SessionReply.QueueFull();
      }
      case GRANTED -> {
        apply(start.with(Turn.NOW));
        yield new SessionReply.Accepted(start.spec().runId(), "accepted");
      }
      case WAITING -> {
        apply(start.with(Turn.LATER));
        // It may be the first already, when what it interrupted needed no time to end.
        state.current().ifPresent(first -> wiring.slots().ready(first.runId()));
        yield new SessionReply.Accepted(start.spec().runId(), "queued");
      }
    };
  }

  private void onCancel(Cancel request) {
    SessionReply reply = SessionViews.cancel(state, request.runId());
    if (reply instanceof SessionReply.Cancelling(String runId)) {
      apply(new SessionCommand.Cancel(runId, request.reason()));
    }
    request.replyTo().tell(reply);
  }

  private void onAwait(Await request) {
    SessionReply now = SessionViews.run(state, request.runId());
    if (now instanceof SessionReply.OneRun(var view) && !view.status().isFinal()) {
      awaiting.computeIfAbsent(request.runId(), id -> new ArrayList<>()).add(request.replyTo());
    } else {
      request.replyTo().tell(now);
    }
  }

  private void onFollow(Follow request) {
    SessionReply now = SessionViews.run(state, request.runId());
    if (now instanceof SessionReply.OneRun(var view)) {
      now = new SessionReply.Following(told.of(request.runId(), request.after()));
      if (view.status().isFinal()) {
        request.reader().complete();
      } else {
        readers.add(request.runId(), request.reader());
      }
    } else {
      request.reader().complete();
    }
    request.replyTo().tell(now);
  }

  private void onDelete(Delete request) {
    boolean existed = state.exists();
    if (existed) {
      apply(new SessionCommand.Delete("session_deleted"));
    }
    request
        .replyTo()
        .tell(existed ? new SessionReply.Deleted() : new SessionReply.UnknownSession());
  }

  private void onCallTimedOut(CallId call) {
    work.abort();
    apply(
        new SessionCommand.EndCall(
            call,
            new ToolResult.Failed(
                ToolResult.Reason.TIMEOUT,
                null,
                "The service did not answer within "
                    + wiring.settings().tools().timeout().toMillis()
                    + " ms.")));
  }

  /// The one place where a command becomes events, and events become state, progress and acts.
  private void apply(SessionCommand command) {
    // Milliseconds, as they go over the wire.
    var now = wiring.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<SessionEvent> events = wiring.decisions().decide(state, command, now);
    for (SessionEvent event : events) {
      SessionState before = state;
      state = state.evolve(event, wiring.settings().session().keptRuns());
      if (!before.exists() && state.exists()) {
        LOG.info("session created");
      }
      if (event instanceof RunEvent runEvent) {
        before
            .run(runEvent.runId())
            .or(() -> state.run(runEvent.runId()))
            .ifPresent(run -> tell(run, runEvent));
      }
      act(event);
    }
    if (!events.isEmpty()) {
      settle();
    }
  }

  /// @param before the run as it was; just accepted when there was none
  private void tell(Run before, RunEvent event) {
    wiring.metrics().saw(before, event);
    wiring.tracer().saw(before, event);
    try (var _ = RunMdc.of(before.spec())) {
      Narrator.tell(before, event).ifPresent(progress -> publish(before, progress));
    }
  }

  private void act(SessionEvent event) {
    switch (event) {
      case StageStarted started -> {
        if (started.input() != null) {
          call();
        }
      }
      case ToolFailedOnce failed -> {
        work.ended();
        state.inFlight().ifPresent(run -> work.retryLater(run.callId()));
      }
      case ToolRetried retried -> call();
      case StageDone done -> work.ended();
      case ToolFailed failed -> work.ended();
      case CancelRequested requested -> work.cancel(requested.runId());
      case RunSucceeded ended -> ended(ended.runId());
      case RunFailed ended -> ended(ended.runId());
      case RunCancelled ended -> ended(ended.runId());
      case SessionDeleted deleted -> {
        LOG.info("session deleted");
        told.clear();
        names.keepOnly(state.runs());
      }
      case RunAccepted accepted -> {}
      case KeysAdded added -> {}
      case RunQueued queued -> {}
      case RunStarted started -> {}
    }
  }

  private void call() {
    Run run = state.inFlight().orElseThrow();
    var input = wiring.workflow().input(run);
    if (input == null) {
      throw new IllegalStateException("nothing to send to " + run.stage().tool());
    }
    ToolSpan span = wiring.tracer().call(run);
    work.start(
            run.callId(),
            new ToolCall(
                run.stage().tool(),
                sessionId,
                run.runId(),
                run.callName(),
                span.traceparent(),
                input))
        .thenAccept(span::ended);
  }

  private void ended(String runId) {
    if (state.inFlight().isEmpty()) {
      work.over();
    }
    // The next one lines up before this one leaves, so that an interrupt inherits the slot.
    state.current().ifPresent(next -> wiring.slots().ready(next.runId()));
    wiring.slots().leave(runId);
    if (!state.keys().containsKey(Key.ofRun(runId))) {
      names.release(List.of(Key.ofRun(runId)));
    }
    told.keep(state);
    readers.over(runId);
    List<ActorRef<SessionReply>> waiters = awaiting.remove(runId);
    if (waiters != null) {
      SessionReply reply = SessionViews.run(state, runId);
      waiters.forEach(waiter -> waiter.tell(reply));
    }
  }

  private void publish(Run before, ProgressEvent event) {
    StepLog.write(event);
    if (!before.forgotten()) {
      told.add(event);
    }
    readers.tell(before.runId(), () -> new Numbered(number(before), event));
    delivery.add(event);
  }

  // A deleted session keeps nothing; whoever follows its run is told its end all the same.
  private int number(Run before) {
    return before.forgotten() ? before.seen().size() + 1 : told.count(before.runId());
  }

  private @Nullable String traceparent(ProgressEvent event) {
    return event.runId() == null
        ? null
        : state.run(event.runId()).map(run -> run.spec().traceparent()).orElse(null);
  }

  private Behavior<Command> onTick(Tick tick) {
    return switch (tick) {
      case REDELIVER -> {
        delivery.goOn();
        yield Behaviors.same();
      }
      case SLEEP -> mayFallAsleep();
      case IDLE -> delivery.isDone() || !idle.hold() ? leaving() : Behaviors.same();
      case OUTBOX_EXPIRED -> leaving();
    };
  }

  private void settle() {
    if (state.runs().isEmpty()) {
      idle.begin(Duration.ZERO);
    } else {
      idle.end();
    }
    if (state.exists()) {
      wiring.index().put(SessionViews.entry(sessionId, state));
    } else {
      wiring.index().remove(sessionId);
    }
  }

  private boolean mayLeave() {
    boolean isNothing = !state.exists() && state.runs().isEmpty();
    return (isNothing || idle.isHeld()) && delivery.isDone();
  }

  private Behavior<Command> onStopped() {
    work.abort();
    for (Run run : state.runs()) {
      wiring.slots().leave(run.runId());
      wiring.tracer().lost(run);
    }
    delivery.forget();
    names.releaseAll();
    readers.allOver();
    wiring.index().remove(sessionId);
    return Behaviors.same();
  }
}
