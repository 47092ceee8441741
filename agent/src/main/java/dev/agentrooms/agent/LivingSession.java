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
import dev.agentrooms.agent.session.SessionCodec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.store.StoredSession;
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
  private final Deciding deciding;
  private final SessionReads reads;
  private final Behavior<Command> living;

  LivingSession(SessionSurroundings around, StoredSession stored) {
    this.around = around;
    this.wiring = around.wiring();
    var session = wiring.settings().session();
    this.memory = new SessionMemory(wiring.narrator(), session.keptRuns(), session.lastEvents());
    SessionJournal journal = new SessionJournal(wiring.store().sessions(), stored, wiring.now());
    RunListeners listeners = new RunListeners(wiring.clock());
    this.effects = new SessionEffects(around, memory, listeners, journal::life);
    this.admissions =
        new Admissions(wiring.slots(), session.maxIdempotencyKeys(), around.context().getSelf());
    this.answerTimer = new AnswerTimer(around);
    this.idle = new IdleTime(wiring.settings(), around.timers());
    this.recorder = new SessionRecorder(around.context(), journal, memory, effects.delivery());
    this.end = new SessionEnd(around, effects, recorder, idle, listeners);
    this.deciding = new Deciding(around, memory, effects, recorder, end, idle, answerTimer);
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
      idle.restOrEnd(state().isAtRest());
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
    if (isForNextLife(command)) {
      around.keep(command);
      return isDue() ? end.forget(state()) : Behaviors.same();
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
        deciding.broken(command instanceof Start start ? start.start().spec().runId() : null);
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

  private Behavior<Command> handle(Command command, @Nullable Asked from) {
    switch (command) {
      case Start start -> {
        switch (admissions.start(state(), start.start())) {
          case Refused(SessionReply reply) -> deciding.answer(from, reply);
          case Taken(var what, var takes, var reply) ->
              deciding.apply(what, takes, from, reply, wiring.now());
        }
      }
      case Ask ask -> {
        Instant now = wiring.now();
        SessionReply reply = SessionDecisions.answer(state(), ask.request(), now);
        deciding.apply(ask.request(), List.of(), from, reply, now);
      }
      case Reading reading -> reads.answer(reading);
      case Told(var told) -> deciding.apply(told);
      case Settled settled -> effects.settled(settled.outcome());
      case Writing writing -> effects.writing(writing);
      case Recorded _ -> {
        return goOn(deciding.recorded());
      }
      case NotRecorded(var why) -> {
        return goOn(deciding.notRecorded(why));
      }
      case Tick tick -> end.onTick(tick, state());
      case As _, CallTimedOut _, Wake _, Loaded _, NotLoaded _ -> {}
      case Stop _ -> {
        return end.move(state());
      }
    }
    return isDue() ? end.forget(state()) : Behaviors.same();
  }

  // One at a time: the first that has something recorded keeps the others waiting.
  private Behavior<Command> goOn(@Nullable Behavior<Command> elsewhere) {
    if (elsewhere != null) {
      return elsewhere;
    }
    Behavior<Command> next = living;
    // What is for the next life is kept again.
    int left = around.stash().size();
    while (Behavior.isAlive(next) && !recorder.isBusy() && left-- > 0) {
      next = around.stash().unstash(next, 1, command -> command);
    }
    return isDue() ? end.forget(state()) : next;
  }

  private boolean isDue() {
    return end.isDue(state(), this::isForNextLife);
  }

  /// A session in the place of another user's begins when nothing is left of that one, and with
  /// nothing of it.
  private boolean isForNextLife(Command command) {
    return switch (command) {
      case As(var _, Plain request) -> isForNextLife(request);
      case Start(var start, var _) -> state().isLeftBy(start.spec().caller().user());
      case Ask(SessionCommand.Open(String owner), var _) -> state().isLeftBy(owner);
      default -> false;
    };
  }

  private SessionState state() {
    return memory.state();
  }
}
