package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Loaded;
import dev.agentrooms.agent.SessionProtocol.NotLoaded;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.SessionProtocol.Stop;
import dev.agentrooms.agent.SessionProtocol.Wake;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoredSession;
import java.time.Duration;
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

  /// When a session with something to do is read again that could not be read.
  static final Duration READ_AGAIN = Duration.ofSeconds(2);

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
        .onMessage(NotLoaded.class, failed -> notLoaded(around, failed.why()))
        .onMessageEquals(Stop.INSTANCE, () -> moved(around))
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

  /// A session that is woken may have a run that goes on, of which nobody else will remind it
  /// soon: it is read again until the store answers.
  private static Behavior<Command> notLoaded(SessionSurroundings around, StoreFailure why) {
    if (!isWoken(around) || why instanceof StoreFailure.Unstorable) {
      return refuseAll(around, why);
    }
    around.timers().startSingleTimer(Wake.INSTANCE, READ_AGAIN);
    answerAll(around, why);
    return Behaviors.receive(Command.class)
        .onMessageEquals(Stop.INSTANCE, () -> moved(around))
        .onAnyMessage(
            message -> {
              around.keep(message);
              return load(around);
            })
        .build();
  }

  private static Behavior<Command> moved(SessionSurroundings around) {
    if (isWoken(around)) {
      around.nextLife().accept(Wake.INSTANCE);
    }
    return Behaviors.stopped();
  }

  private static boolean isWoken(SessionSurroundings around) {
    return around.timers().isTimerActive(Wake.INSTANCE) || around.stash().contains(Wake.INSTANCE);
  }

  private static Behavior<Command> refuseAll(SessionSurroundings around, StoreFailure why) {
    answerAll(around, why);
    return around.passivation().begin(Behaviors::same);
  }

  private static void answerAll(SessionSurroundings around, StoreFailure why) {
    SessionReply reply = Refusals.of(why);
    around
        .stash()
        .forEach(
            message -> {
              if (message instanceof Asked asked) {
                asked.replyTo().tell(reply);
              }
            });
    around.stash().clear();
  }
}
