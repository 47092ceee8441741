package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.As;
import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Start;
import dev.agentrooms.agent.SessionRecorder.Decided;
import dev.agentrooms.agent.SessionRecorder.Forget;
import dev.agentrooms.agent.SessionRecorder.Sleep;
import dev.agentrooms.agent.SessionRecorder.Snapshot;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import dev.agentrooms.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a session decides: the one place where a command becomes events, a record of them, and,
/// once they are recorded, acts and an answer. A record that fails leaves the session as it was.
final class Deciding {

  private static final Logger LOG = LoggerFactory.getLogger(SessionSurroundings.LOGGER);

  private final SessionSurroundings around;
  private final SessionWiring wiring;
  private final SessionMemory memory;
  private final SessionEffects effects;
  private final SessionRecorder recorder;
  private final SessionEnd end;
  private final IdleTime idle;
  private final AnswerTimer answerTimer;

  Deciding(
      SessionSurroundings around,
      SessionMemory memory,
      SessionEffects effects,
      SessionRecorder recorder,
      SessionEnd end,
      IdleTime idle,
      AnswerTimer answerTimer) {
    this.around = around;
    this.wiring = around.wiring();
    this.memory = memory;
    this.effects = effects;
    this.recorder = recorder;
    this.end = end;
    this.idle = idle;
    this.answerTimer = answerTimer;
  }

  void answer(@Nullable Asked request, SessionReply reply) {
    if (request instanceof Start || request instanceof As(var _, Start _)) {
      wiring.metrics().runRefused(reply);
    }
    if (request != null) {
      request.replyTo().tell(reply);
    }
  }

  void apply(SessionCommand command) {
    apply(command, List.of(), null, new SessionReply.Deleted(), wiring.now());
  }

  /// The one place where a command becomes events, and a record.
  ///
  /// @param now as the reply says it
  void apply(
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

  /// @return where that leads; null when the session goes on
  @Nullable Behavior<Command> recorded() {
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
    return null;
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
      idle.restOrEnd(state().isAtRest());
    }
  }

  /// @return where that leads; null when the session goes on
  @Nullable Behavior<Command> notRecorded(StoreFailure why) {
    switch (recorder.ended()) {
      case Decided decided -> {
        return notRecorded(decided, why);
      }
      case Forget _ -> {
        if (why instanceof StoreFailure.Fenced) {
          return end.leave();
        }
        end.forgetLater();
      }
      case Sleep _, Snapshot _ -> idle.sleepLater();
    }
    return null;
  }

  private @Nullable Behavior<Command> notRecorded(Decided decided, StoreFailure why) {
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
    return null;
  }

  /// @param started the run that was to start; the run whose turn it is when null
  void broken(@Nullable String started) {
    String runId = started == null ? state().current().map(Run::runId).orElse("") : started;
    if (!recorder.isBusy() && state().runs().stream().anyMatch(run -> run.runId().equals(runId))) {
      apply(new SessionCommand.Break(runId, "internal error"));
    } else {
      effects.ended(runId);
    }
  }

  private SessionState state() {
    return memory.state();
  }
}
