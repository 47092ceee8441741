package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Loaded;
import dev.agentrooms.agent.SessionProtocol.NotLoaded;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.SessionProtocol.Stop;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoredSession;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session: it is read from the store, lives ([LivingSession]), and passivates. What comes
/// while it is read waits.
final class AgentSession {

  // More than its clients can have under way at a time; the rest is refused.
  private static final int MAX_STASHED = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private AgentSession() {}

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
                Behaviors.withStash(
                    MAX_STASHED,
                    stash ->
                        Behaviors.withTimers(
                            timers ->
                                load(
                                    new SessionSurroundings(
                                        sessionId,
                                        wiring,
                                        context,
                                        stash,
                                        timers,
                                        new Passivation<>(
                                            Command.class,
                                            context.getSelf(),
                                            timers,
                                            shard,
                                            Request.class,
                                            nextLife,
                                            Stop.INSTANCE),
                                        nextLife))))));
  }

  private static Behavior<Command> load(SessionSurroundings around) {
    around
        .context()
        .pipeToSelf(
            around.wiring().store().sessions().load(around.sessionId()),
            (stored, failure) ->
                stored != null ? new Loaded(stored) : new NotLoaded(StoreFailure.of(failure)));
    return Behaviors.receive(Command.class)
        .onMessage(Loaded.class, loaded -> live(around, loaded.stored()))
        .onMessage(NotLoaded.class, failed -> refuseAll(around, failed.why()))
        .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(
            message -> {
              around.keep(message);
              return Behaviors.same();
            })
        .build();
  }

  private static Behavior<Command> live(SessionSurroundings around, StoredSession stored) {
    LivingSession session;
    try {
      session = new LivingSession(around, stored);
    } catch (RuntimeException | StackOverflowError unreadable) {
      LOG.error("what is stored of the session cannot be read", unreadable);
      return refuseAll(around, StoreFailure.of(unreadable));
    }
    return session.begin();
  }

  private static Behavior<Command> refuseAll(SessionSurroundings around, StoreFailure why) {
    SessionReply reply = Refusals.of(why);
    around
        .stash()
        .forEach(
            message -> {
              if (message instanceof Asked asked) {
                asked.replyTo().tell(reply);
              }
            });
    return around.passivation().begin(Behaviors::same);
  }
}
