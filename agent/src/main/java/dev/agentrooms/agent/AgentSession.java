package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Ask;
import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Await;
import dev.agentrooms.agent.SessionProtocol.CallTimedOut;
import dev.agentrooms.agent.SessionProtocol.CancelAll;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Follow;
import dev.agentrooms.agent.SessionProtocol.Notice;
import dev.agentrooms.agent.SessionProtocol.Query;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.SessionProtocol.Settled;
import dev.agentrooms.agent.SessionProtocol.Start;
import dev.agentrooms.agent.SessionProtocol.Stop;
import dev.agentrooms.agent.SessionProtocol.Tick;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Happened;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.agent.session.SleepingSession;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.tools.ToolResult;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session: it orders what its users and its tools say, asks [SessionDecisions] what comes of
/// it, and acts on the answer. Idle for a while it is put away, which nobody can tell, and idle for
/// its ttl it is forgotten; either way it passivates.
final class AgentSession {

  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private final String sessionId;
  private final SessionWiring wiring;
  private final Passivation<Command, Request> passivation;
  private final SessionMemory memory;
  private final RunNames.Held names;
  private final SessionEffects effects;
  private final Admissions admissions;
  private final IdleTime idle;
  private final RunReaders readers = new RunReaders();
  private final RunWaiters waiters = new RunWaiters();

  private AgentSession(
      String sessionId,
      SessionWiring wiring,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Consumer<Request> nextLife) {
    this.sessionId = sessionId;
    this.wiring = wiring;
    this.passivation =
        new Passivation<>(
            Command.class,
            context.getSelf(),
            timers,
            shard,
            Request.class,
            nextLife,
            Stop.INSTANCE);
    var session = wiring.settings().session();
    this.memory = new SessionMemory(wiring.narrator(), session.keptRuns(), session.lastEvents());
    RunNames.Held none = wiring.index().names().none();
    SessionIndex.Asleep asleep = wiring.index().wake(sessionId);
    RunNames.Held names = asleep == null ? none : asleep.names();
    this.names = names;
    this.admissions =
        new Admissions(
            wiring.slots(), names, session.maxIdempotencyKeys(), context.getSelf(), this::apply);
    this.effects = new SessionEffects(sessionId, wiring, memory, names, readers, context, timers);
    this.idle = new IdleTime(wiring.settings(), timers);
    if (asleep != null) {
      wake(asleep.packed());
    }
  }

  /// @param shard passivates it
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
                            .living())));
  }

  private void wake(byte[] packed) {
    try {
      memory.wake(SleepingSession.unpack(packed));
      if (state().lastActiveAt() != null) {
        idle.begin(Duration.between(state().lastActiveAt(), wiring.clock().instant()));
      }
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error("what was put away cannot be read; the session is lost", bug);
      names.releaseAll();
      wiring.index().remove(sessionId);
    }
  }

  private Behavior<Command> living() {
    return Behaviors.receive(Command.class)
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  private Behavior<Command> leaving() {
    if (!effects.delivery().isDone()) {
      LOG.warn("{} events were never delivered; they are dropped", effects.delivery().waiting());
    }
    if (state().exists()) {
      LOG.info("session forgotten: nobody has used it for {}", wiring.settings().session().ttl());
    }
    names.releaseAll();
    wiring.index().remove(sessionId);
    return passivation.begin(this::onStopped);
  }

  /// Sleeps, unless it has something to do or to deliver, or is too large to be put away.
  private Behavior<Command> mayFallAsleep() {
    if (!state().exists() || !state().runs().isEmpty()) {
      return Behaviors.same();
    }
    if (!effects.delivery().isDone()) {
      idle.sleepLater();
      return Behaviors.same();
    }
    byte[] packed = memory.asleep().pack();
    if (packed == null) {
      return Behaviors.same();
    }
    wiring.index().putAway(sessionId, packed, names);
    return passivation.begin(Behaviors::same);
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

  // Replies are the last thing that a handler does, so there has been none.
  private Behavior<Command> failed(Command command) {
    try {
      switch (command) {
        case Start start -> broken(start.start().spec().runId());
        case Ask _, CancelAll _, Notice _, Stop _ ->
            state().current().ifPresent(run -> broken(run.runId()));
        case Query _, Await _, Follow _ -> {}
      }
      return Behaviors.same();
    } catch (RuntimeException | Error worse) {
      LOG.error("the session cannot even say that something failed; it is lost", worse);
      return Behaviors.stopped();
    } finally {
      if (command instanceof Asked asked) {
        asked.replyTo().tell(new SessionReply.Broken());
      }
    }
  }

  private void broken(String runId) {
    if (state().runs().stream().anyMatch(run -> run.runId().equals(runId))) {
      apply(new SessionCommand.Break(runId, "internal error"));
    } else {
      ended(runId);
    }
  }

  private Behavior<Command> handle(Command command) {
    switch (command) {
      case Start request -> onStart(request);
      case Ask(var request, var replyTo) -> {
        SessionReply reply = SessionDecisions.answer(state(), request);
        apply(request);
        replyTo.tell(reply);
      }
      case Query(var query, var replyTo) ->
          replyTo.tell(SessionViews.answer(sessionId, memory, wiring.agent(), query));
      case Await request -> onAwait(request);
      case Follow request -> onFollow(request);
      case CancelAll(String reason) -> apply(new SessionCommand.CancelAll(reason));
      case Told(var told) -> apply(told);
      case CallTimedOut(AttemptId attempt) -> onCallTimedOut(attempt);
      case Settled settled -> effects.delivery().settled(settled.delivery());
      case Tick tick -> {
        return onTick(tick);
      }
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return mayLeave() ? leaving() : Behaviors.same();
  }

  private void onStart(Start request) {
    SessionReply reply = admissions.start(state(), request.start());
    if (reply instanceof SessionReply.Accepted(String _, String status)
        && status.equals("queued")) {
      // It may be the first already, when what it interrupted needed no time to end.
      state().current().ifPresent(first -> wiring.slots().ready(first.runId()));
    }
    wiring.metrics().runRefused(reply);
    request.replyTo().tell(reply);
  }

  private void onAwait(Await request) {
    SessionReply now = SessionViews.run(state(), request.runId());
    if (goesOn(now)) {
      waiters.add(request.runId(), request.replyTo());
    } else {
      request.replyTo().tell(now);
    }
  }

  private void onFollow(Follow request) {
    SessionReply now = SessionViews.run(state(), request.runId());
    if (goesOn(now)) {
      readers.add(request.runId(), request.reader());
    } else {
      request.reader().complete();
    }
    request
        .replyTo()
        .tell(
            now instanceof SessionReply.OneRun
                ? new SessionReply.Following(memory.told().of(request.runId(), request.after()))
                : now);
  }

  private static boolean goesOn(SessionReply run) {
    return run instanceof SessionReply.OneRun(var view) && !view.status().isFinal();
  }

  private void onCallTimedOut(AttemptId attempt) {
    Duration limit = effects.timedOut(attempt);
    apply(
        new SessionCommand.EndAttempt(
            attempt,
            new ToolResult.Failed(
                ToolResult.Reason.TIMEOUT,
                null,
                "The service did not answer within " + limit.toMillis() + " ms.")));
  }

  /// The one place where a command becomes events, and events become state, progress and acts: all
  /// of the state before the first act.
  private void apply(SessionCommand command) {
    // Milliseconds, as they go over the wire.
    var now = wiring.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<SessionEvent> events = wiring.decisions().decide(state(), command, now);
    if (events.isEmpty()) {
      return;
    }
    boolean existed = state().exists();
    List<Happened> happened = memory.add(events);
    if (!existed && state().exists()) {
      LOG.info("session created");
    }
    happened.forEach(effects::tell);
    for (Happened each : happened) {
      effects.act(each.event(), this::ended);
    }
    settle();
  }

  private void ended(String runId) {
    effects.ended(runId);
    readers.over(runId);
    waiters.over(runId, () -> SessionViews.run(state(), runId));
  }

  private Behavior<Command> onTick(Tick tick) {
    return switch (tick) {
      case REDELIVER -> {
        effects.delivery().goOn();
        yield Behaviors.same();
      }
      case SLEEP -> mayFallAsleep();
      case IDLE -> effects.delivery().isDone() || !idle.hold() ? leaving() : Behaviors.same();
      case OUTBOX_EXPIRED -> leaving();
    };
  }

  private void settle() {
    if (state().runs().isEmpty()) {
      idle.begin(Duration.ZERO);
    } else {
      idle.end();
    }
    if (state().exists()) {
      wiring.index().put(SessionViews.entry(sessionId, state()));
    } else {
      wiring.index().remove(sessionId);
    }
  }

  private boolean mayLeave() {
    boolean isNothing = !state().exists() && state().runs().isEmpty();
    return (isNothing || idle.isHeld()) && effects.delivery().isDone();
  }

  private Behavior<Command> onStopped() {
    effects.stop();
    readers.allOver();
    wiring.index().remove(sessionId);
    return Behaviors.same();
  }

  private SessionState state() {
    return memory.state();
  }
}
