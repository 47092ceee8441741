package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Remote;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoredSession;
import org.apache.pekko.actor.typed.ActorRef;

/// The messages of [AgentSession]: what is decided on ([SessionCommand]), with its sender when that
/// waits for an answer, and what only orders.
final class SessionProtocol {

  private SessionProtocol() {}

  sealed interface Command {}

  /// From outside; sharding hands these over to the next life of a session that is leaving.
  sealed interface Request extends Command, Remote {}

  /// What is answered, once and whatever happens.
  sealed interface Asked extends Request {
    ActorRef<SessionReply> replyTo();
  }

  /// A request without a caller: its sender may see every session.
  sealed interface Plain extends Asked {}

  record Start(SessionCommand.Start start, ActorRef<SessionReply> replyTo) implements Plain {}

  record Ask(SessionCommand.Request request, ActorRef<SessionReply> replyTo) implements Plain {}

  /// A request of a user who sees no sessions but their own: any other is unknown to them.
  record As(String user, Plain request) implements Asked {
    @Override
    public ActorRef<SessionReply> replyTo() {
      return request.replyTo();
    }
  }

  /// What changes nothing, and waits for no record.
  sealed interface Reading extends Plain {}

  record Query(SessionQuery query, ActorRef<SessionReply> replyTo) implements Reading {}

  /// Answers once the run has ended.
  record Await(String runId, ActorRef<SessionReply> replyTo) implements Reading {}

  /// Answers with the run's events behind `after` as soon as there are some, or with its end.
  record Follow(String runId, long after, ActorRef<SessionReply> replyTo) implements Reading {}

  /// Wakes it, if it has something to do.
  enum Wake implements Request {
    INSTANCE
  }

  /// The last message, from the shard.
  enum Stop implements Command {
    INSTANCE
  }

  /// From the session's own timers, and from what works for it.
  sealed interface Notice extends Command {}

  record Told(SessionCommand command) implements Notice {}

  record Loaded(StoredSession stored) implements Notice {}

  record NotLoaded(StoreFailure why) implements Notice {}

  /// The record under way has been stored.
  record Recorded() implements Notice {}

  record NotRecorded(StoreFailure why) implements Notice {}

  record CallTimedOut(AttemptId attempt) implements Notice {}

  record Settled(Outcome outcome) implements Notice {}

  /// About the text that a call writes.
  sealed interface Writing extends Notice {
    String callId();

    /// There is text again.
    record Ready(String callId) implements Writing {}

    /// The pause behind a delta is over.
    record Again(String callId) implements Writing {}

    /// What became of a delta.
    record Settled(String callId, Outcome outcome) implements Writing {}
  }

  enum Tick implements Notice {
    REDELIVER,
    SLEEP,
    IDLE,
    OUTBOX_EXPIRED
  }

  /// Whether something may come of it that has to be recorded.
  static boolean decides(Command command) {
    return switch (command) {
      case Start _, Ask _, Told _, CallTimedOut _ -> true;
      case As(var _, Plain request) -> decides(request);
      case Tick tick -> tick != Tick.REDELIVER;
      case Reading _,
          Wake _,
          Settled _,
          Writing _,
          Loaded _,
          NotLoaded _,
          Recorded _,
          NotRecorded _,
          Stop _ ->
          false;
    };
  }
}
