package dev.agentrooms.agent;

import dev.agentrooms.agent.AgentSession.Command;
import dev.agentrooms.protocol.SessionPage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

/// The sessions, by id: the only way to one. Cluster Sharding makes a session when it is first
/// spoken to, wherever it lives.
final class Sessions {

  static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "session");
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final ClusterSharding sharding;
  private final SessionIndex index;

  private Sessions(ClusterSharding sharding, SessionIndex index) {
    this.sharding = sharding;
    this.index = index;
  }

  static Sessions start(ActorSystem<?> system, SessionWiring wiring) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    AgentSession.create(
                        entity.getEntityId(),
                        wiring,
                        entity.getShard(),
                        sharding.entityRefFor(TYPE, entity.getEntityId())::tell))
            .withRole("agent")
            .withStopMessage(AgentSession.Stop.INSTANCE));
    return new Sessions(sharding, wiring.index());
  }

  CompletionStage<SessionReply> run(SessionCommand.Start start) {
    return ask(start.spec().sessionId(), replyTo -> new AgentSession.Start(start, replyTo));
  }

  /// The run once it has ended, or nothing when `patience` is over.
  CompletionStage<Optional<SessionReply>> await(String sessionId, String runId, Duration patience) {
    return sharding
        .entityRefFor(TYPE, sessionId)
        .<SessionReply>ask(replyTo -> new AgentSession.Await(runId, replyTo), patience)
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                isTimeout(failure)
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(failure));
  }

  CompletionStage<SessionReply> cancel(String sessionId, @Nullable String runId) {
    return ask(sessionId, replyTo -> new AgentSession.Cancel(runId, "requested", replyTo));
  }

  CompletionStage<SessionReply> get(String sessionId) {
    return ask(sessionId, AgentSession.Read::new);
  }

  CompletionStage<SessionReply> getRun(String sessionId, String runId) {
    return ask(sessionId, replyTo -> new AgentSession.ReadRun(runId, replyTo));
  }

  CompletionStage<SessionReply> remove(String sessionId) {
    return ask(sessionId, AgentSession.Delete::new);
  }

  /// Cancels every run of this node.
  void cancelAll(String reason) {
    for (String sessionId : index.busy()) {
      sharding.entityRefFor(TYPE, sessionId).tell(new AgentSession.CancelAll(reason));
    }
  }

  SessionPage list(int limit, @Nullable String after) {
    return index.page(limit, after);
  }

  private CompletionStage<SessionReply> ask(
      String sessionId, Function<ActorRef<SessionReply>, Command> request) {
    return sharding.entityRefFor(TYPE, sessionId).ask(request, ANSWER_TIMEOUT);
  }

  private static boolean isTimeout(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof TimeoutException;
  }
}
