package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.Admission;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.protocol.RunStatus;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/// Takes runs on: asks for the slot that each needs, for which other sessions ask as well.
final class Admissions {

  /// What a request for a run comes to.
  sealed interface Verdict {}

  record Refused(SessionReply reply) implements Verdict {}

  /// @param command to be recorded
  /// @param takes names that have to be free
  /// @param reply once it is
  record Taken(SessionCommand command, List<String> takes, SessionReply reply) implements Verdict {}

  private final RunSlots slots;
  private final int maxKeys;
  private final ActorRef<Command> self;

  Admissions(RunSlots slots, int maxKeys, ActorRef<Command> self) {
    this.slots = slots;
    this.maxKeys = maxKeys;
    this.self = self;
  }

  Verdict start(SessionState state, SessionCommand.Start start) {
    String runId = start.spec().runId();
    String place = start.spec().place();
    return switch (Admission.of(state, start, maxKeys)) {
      case Admission.Refused(SessionReply reply) -> new Refused(reply);
      case Admission.Known known ->
          new Taken(
              new SessionCommand.AddKeys(known.runId(), known.status(), known.more()),
              known.more().stream().filter(Key::everywhere).map(Key::key).toList(),
              new SessionReply.Accepted(known.runId(), known.status()));
      case Admission.Free _ -> entered(start, slots.enter(place, start.share(), onTurn(runId)));
      case Admission.Behind _ ->
          entered(start, slots.enterBehind(place, start.share(), onTurn(runId)));
      case Admission.Instead(String replaced) ->
          entered(
              start,
              slots.enterInstead(
                  place,
                  RunSpec.place(start.spec().sessionId(), replaced),
                  start.share(),
                  onTurn(runId)));
    };
  }

  private Runnable onTurn(String runId) {
    return () -> self.tell(new Told(new SessionCommand.TakeTurn(runId)));
  }

  private static Verdict entered(SessionCommand.Start start, RunSlots.Entry entry) {
    List<String> names = List.copyOf(start.names());
    String runId = start.spec().runId();
    return switch (entry) {
      case FULL -> new Refused(new SessionReply.QueueFull(false));
      case SHARE_FULL -> new Refused(new SessionReply.QueueFull(true));
      case GRANTED ->
          new Taken(start.with(Turn.NOW), names, new SessionReply.Accepted(runId, "accepted"));
      case WAITING ->
          new Taken(start.with(Turn.LATER), names, new SessionReply.Accepted(runId, "queued"));
    };
  }

  /// Gives runs back what they had before their session was read anew.
  void resume(SessionState state) {
    for (Run run : state.runs()) {
      if (run.status() == RunStatus.WAITING) {
        continue;
      }
      slots.enterAgain(
          run.spec().place(),
          run.status() != RunStatus.QUEUED,
          RunStarts.share(run.spec().caller().user(), null),
          onTurn(run.runId()));
    }
    state.current().ifPresent(first -> slots.ready(first.spec().place()));
  }
}
