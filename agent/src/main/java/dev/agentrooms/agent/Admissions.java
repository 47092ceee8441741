package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.Admission;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.SessionViews;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/// Takes runs on: gets them their names and a slot, which other sessions want as well.
final class Admissions {

  private final RunSlots slots;
  private final RunNames.Held names;
  private final int maxKeys;
  private final ActorRef<Command> self;
  private final Consumer<SessionCommand> apply;

  /// @param apply carries out what has been admitted
  Admissions(
      RunSlots slots,
      RunNames.Held names,
      int maxKeys,
      ActorRef<Command> self,
      Consumer<SessionCommand> apply) {
    this.slots = slots;
    this.names = names;
    this.maxKeys = maxKeys;
    this.self = self;
    this.apply = apply;
  }

  SessionReply start(SessionState state, SessionCommand.Start start) {
    String runId = start.spec().runId();
    Runnable onTurn = () -> self.tell(new Told(new SessionCommand.TakeTurn(runId)));
    return switch (Admission.of(state, start, maxKeys)) {
      case Admission.Refused(SessionReply reply) -> reply;
      case Admission.Known known -> known(start, known);
      case Admission.Admitted admitted -> {
        String taken = names.take(start.names());
        if (taken != null) {
          yield SessionViews.taken(start, taken);
        }
        yield entered(
            start,
            switch (admitted) {
              case Admission.Free _ -> slots.enter(runId, onTurn);
              case Admission.Behind _ -> slots.enterBehind(runId, onTurn);
              case Admission.Instead(String replaced) ->
                  slots.enterInstead(runId, replaced, onTurn);
            });
      }
    };
  }

  private SessionReply known(SessionCommand.Start start, Admission.Known known) {
    List<String> more = known.more().stream().filter(Key::everywhere).map(Key::key).toList();
    String taken = names.take(more);
    if (taken != null) {
      return SessionViews.taken(start, taken);
    }
    apply.accept(new SessionCommand.AddKeys(known.runId(), known.status(), known.more()));
    return new SessionReply.Accepted(known.runId(), known.status());
  }

  private SessionReply entered(SessionCommand.Start start, RunSlots.Entry entry) {
    return switch (entry) {
      case FULL -> {
        names.release(start.names());
        yield new SessionReply.QueueFull();
      }
      case GRANTED -> {
        apply.accept(start.with(Turn.NOW));
        yield new SessionReply.Accepted(start.spec().runId(), "accepted");
      }
      case WAITING -> {
        apply.accept(start.with(Turn.LATER));
        yield new SessionReply.Accepted(start.spec().runId(), "queued");
      }
    };
  }
}
