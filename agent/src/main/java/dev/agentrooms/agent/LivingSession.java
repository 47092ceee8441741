package dev.agentrooms.agent;

import dev.agentrooms.agent.Admissions.Refused;
import dev.agentrooms.agent.Admissions.Taken;
import dev.agentrooms.agent.SessionProtocol.As;
import dev.agentrooms.agent.SessionProtocol.Ask;
import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.CallTimedOut;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Loaded;
import dev.agentrooms.agent.SessionProtocol.NotLoaded;
import dev.agentrooms.agent.SessionProtocol.NotRecorded;
import dev.agentrooms.agent.SessionProtocol.Plain;
import dev.agentrooms.agent.SessionProtocol.Reading;
import dev.agentrooms.agent.SessionProtocol.Recorded;
import dev.agentrooms.agent.SessionProtocol.Settled;
import dev.agentrooms.agent.SessionProtocol.Start;
import dev.agentrooms.agent.SessionProtocol.Stop;
import dev.agentrooms.agent.SessionProtocol.Tick;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.SessionProtocol.Wake;
import dev.agentrooms.agent.SessionProtocol.Writing;
import dev.agentrooms.agent.SessionRecorder.Decided;
import dev.agentrooms.agent.SessionRecorder.Forget;
import dev.agentrooms.agent.SessionRecorder.Sleep;
import dev.agentrooms.agent.SessionRecorder.Snapshot;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCodec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session that has been read: it orders what its users and its tools say, asks
/// [SessionDecisions] what comes of it, has that recorded, and acts on it then.
///
/// While a record is under way everything that decides waits; reading goes on, from what is
/// recorded. A record that fails leaves the session as it was.
final class LivingSession {

  private static final Logger LOG = LoggerFactory.getLogger(SessionSurroundings.LOGGER);

  private final SessionSurroundings around;
  private final SessionWiring wiring;
  private final SessionMemory memory;
  private final SessionEffects effects;
  private final SessionRecorder recorder;
  private final SessionEnd end;
  private final Admissions admissions;
  private final IdleTime idle;
  private final AnswerTimer answerTimer;
  private final RunListeners listeners;
  private final SessionReads reads;
  private final Behavior<Command> living;

  LivingSession(SessionSurroundings around, StoredSession stored) {
    this.around = around;
    this.wiring = around.wiring();
    var session = wiring.settings().session();
    this.memory = new SessionMemory(wiring.narrator(), session.keptRuns(), session.lastEvents());
    SessionJournal journal = new SessionJournal(wiring.store().sessions(), stored, wiring.now());
    this.listeners = new RunListeners(wiring.clock());
    this.effects = new SessionEffects(around, memory, listeners, journal::life);
    this.admissions =
        new Admissions(wiring.slots(), session.maxIdempotencyKeys(), around.context().getSelf());
    this.answerTimer = new AnswerTimer(around);
    this.idle = new IdleTime(wiring.settings(), around.timers());
    this.recorder = new SessionRecorder(around.context(), journal, memory, effects.delivery());
    this.end = new SessionEnd(around, effects, recorder, idle, listeners);
    this.reads = new SessionReads(around.sessionId(), memory, wiring.agent(), listeners);
    this.living =
        Behaviors.receive(Command.class)
            .onAnyMessage(this::onCommand)
            .onSignal(PostStop.class, stopped -> end.onStopped())
            .build();
    StoredSession.Kept kept = stored.kept();
    if (kept != null) {
      byte[] snapshot = kept.snapshot();
      effects.resume(
          kept.row().delivered(),
          memory.read(
              snapshot == null ? null : SessionCodec.snapshot(snapshot),
              kept.events().stream().map(SessionCodec::event).toList(),
              kept.row().delivered()));
      admissions.resume(state());
      idle.begin(kept.unused());
    }
  }

  Behavior<Command> begin() {
    if (!state().runs().isEmpty()) {
      idleOrNot();
      answerTimer.set(state());
      around.context().getSelf().tell(new Told(new SessionCommand.Resume()));
    }
    return around.stash().unstashAll(living);
  }

  /// A bug in one run ends that run, where everybody can see it, and nothing else. That goes for a
  /// deep recursion or a class that cannot be loaded, too: Pekko would end the JVM for these.
  private Behavior<Command> onCommand(Command command) {
    if (command instanceof Told(EndAttempt end)) {
      return ended(end);
    }
    return command instanceof CallTimedOut(var attempt)
        ? ended(effects.timedOut(attempt))
        : onSound(command);
  }

  private Behavior<Command> ended(EndAttempt end) {
    EndAttempt whole = effects.ended(end);
    return whole == null ? Behaviors.same() : onSound(new Told(whole));
  }

  private Behavior<Command> onSound(Command command) {
    if (recorder.isBusy() && SessionProtocol.decides(command)) {
      around.keep(command);
      return Behaviors.same();
    }
    if (command instanceof As(String user, Plain request)) {
      if (state().isOpenTo(user)) {
        return onSound(request, (As) command);
      }
      ((As) command).replyTo().tell(new SessionReply.UnknownSession());
      return Behaviors.same();
    }
    return onSound(command, command instanceof Asked asked ? asked : null);
  }

  /// @param from the request as it came; null when the command is none
  private Behavior<Command> onSound(Command command, @Nullable Asked from) {
    try {
      return handle(command, from);
    } catch (RuntimeException | Error bug) {
      LOG.error("{} failed", command.getClass().getSimpleName(), bug);
      return failed(command);
    }
  }

  private Behavior<Command> failed(Command command) {
    try {
      if (SessionProtocol.decides(command)) {
        broken(command instanceof Start start ? start.start().spec().runId() : null);
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

  /// @param started the run that was to start; the run whose turn it is when null
  private void broken(@Nullable String started) {
    String runId = started == null ? state().current().map(Run::runId).orElse("") : started;
    if (!recorder.isBusy() && state().runs().stream().anyMatch(run -> run.runId().equals(runId))) {
      apply(new SessionCommand.Break(runId, "internal error"));
    } else {
      effects.ended(runId);
    }
  }

  private Behavior<Command> handle(Command command, @Nullable Asked from) {
    switch (command) {
      case Start start -> {
        switch (admissions.start(state(), start.start())) {
          case Refused(SessionReply reply) -> answer(from, reply);
          case Taken(var what, var takes, var reply) ->
              apply(what, takes, from, reply, wiring.now());
        }
      }
      case Ask ask -> {
        Instant now = wiring.now();
        SessionReply reply = SessionDecisions.answer(state(), ask.request(), now);
        apply(ask.request(), List.of(), from, reply, now);
      }
      case Reading reading -> reads.answer(reading);
      case Told(var told) -> apply(told);
      case Settled settled -> effects.settled(settled.outcome());
      case Writing writing -> effects.writing(writing);
      case Recorded _ -> {
        return onRecorded();
      }
      case NotRecorded(var why) -> {
        return onNotRecorded(why);
      }
      case Tick tick -> end.onTick(tick, state());
      case As _, CallTimedOut _, Wake _, Loaded _, NotLoaded _ -> {}
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return end.isDue(state()) ? end.forget(state()) : Behaviors.same();
  }

  private void answer(@Nullable Asked request, SessionReply reply) {
    if (request instanceof Start || request instanceof As(var _, Start _)) {
      wiring.metrics().runRefused(reply);
    }
    if (request != null) {
      request.replyTo().tell(reply);
    }
  }

  private void apply(SessionCommand command) {
    apply(command, List.of(), null, new SessionReply.Deleted(), wiring.now());
  }

  /// The one place where a command becomes events, and a record.
  ///
  /// @param now as the reply says it
  private void apply(
      SessionCommand command,
      List<String> takes,
      @Nullable Asked from,
      SessionReply reply,
      Instant now) {
    List<SessionEvent> events = wiring.decisions().decide(state(), command, now);
    if (events.isEmpty()) {
      if (command instanceof SessionCommand.ExpireInputs) {
        answerTimer.set(state());
      }
      answer(from, reply);
      return;
    }
    Change change = memory.prepare(events);
    recorder.record(new Decided(command, change, from, reply), takes);
  }

  private Behavior<Command> onRecorded() {
    switch (recorder.ended()) {
      case Decided decided -> {
        answer(decided.from(), acted(decided));
        if (!recorder.isBusy()) {
          recorder.snapshotIfDue();
        }
      }
      case Sleep _ -> {
        if (!around.stash().isEmpty()) {
          idle.sleepLater();
        } else if (!answerTimer.isDueSoon(state())) {
          return end.leave();
        }
      }
      case Forget _ -> {
        return end.leave();
      }
      case Snapshot _ -> {}
    }
    return goOn();
  }

  private Behavior<Command> goOn() {
    return end.isDue(state()) ? end.forget(state()) : around.stash().unstashAll(living);
  }

  /// @return what its sender is answered
  private SessionReply acted(Decided decided) {
    try {
      happened(decided.change());
      return decided.reply();
    } catch (RuntimeException | Error bug) {
      LOG.error("acting on {} failed", decided.command().getClass().getSimpleName(), bug);
      broken(decided.startedId());
      return new SessionReply.Broken();
    }
  }

  /// All of the state before the first act.
  private void happened(Change change) {
    effects.commit(change);
    answerTimer.set(state());
    if (state().runs().isEmpty()) {
      idle.begin(Duration.ZERO);
    } else {
      idleOrNot();
    }
  }

  private void idleOrNot() {
    if (state().isAtRest()) {
      idle.rest();
    } else {
      idle.end();
    }
  }

  private Behavior<Command> onNotRecorded(StoreFailure why) {
    if (!(recorder.ended() instanceof Decided decided)) {
      end.tryAgain();
      return goOn();
    }
    if (decided.startedId() != null) {
      wiring.slots().leave(RunSpec.place(around.sessionId(), decided.startedId()));
    }
    switch (why) {
      case StoreFailure.NameTaken taken ->
          answer(decided.from(), SessionViews.taken(decided.command(), taken.name()));
      case StoreFailure.Fenced _ -> {
        if (decided.from() != null) {
          around.nextLife().accept(decided.from());
        }
        return end.startAnew();
      }
      case StoreFailure.OutcomeUnknown _ -> {
        answer(decided.from(), Refusals.of(why));
        return end.startAnew();
      }
      case StoreFailure.Full _, StoreFailure.Unavailable _ -> {
        if (decided.from() == null) {
          recorder.tryAgain(decided.command(), around.timers());
        }
        answer(decided.from(), Refusals.of(why));
      }
      case StoreFailure.Unstorable _ -> {
        LOG.error("this cannot be recorded", why);
        answer(decided.from(), Refusals.of(why));
        if (decided.from() == null && !(decided.command() instanceof SessionCommand.Break)) {
          broken(null);
        }
      }
    }
    return goOn();
  }

  private SessionState state() {
    return memory.state();
  }
}
