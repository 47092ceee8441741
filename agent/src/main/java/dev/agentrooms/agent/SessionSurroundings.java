package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.session.SessionReply;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// What a session lives in.
///
/// @param stash what waits for a record, or for the session to be read
/// @param nextLife where requests go that the session does not answer any more
record SessionSurroundings(
    String sessionId,
    SessionWiring wiring,
    ActorContext<Command> context,
    StashBuffer<Command> stash,
    TimerScheduler<Command> timers,
    Passivation<Command, Request> passivation,
    Consumer<Request> nextLife) {

  /// The lines of all sessions are logged under one name.
  static final String LOGGER = "dev.agentrooms.agent.AgentSession";

  /// Keeps a message for later, or refuses it when there are too many.
  void keep(Command message) {
    if (!stash.isFull()) {
      stash.stash(message);
    } else if (message instanceof Asked asked) {
      asked.replyTo().tell(new SessionReply.NotStored(false));
    }
  }
}
