package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Plain;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.Asks;
import dev.agentrooms.protocol.AnswerRequest;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.store.SessionStore.OpenSession;
import dev.agentrooms.store.SessionStore.Which;
import dev.agentrooms.store.Store;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/// The sessions, by id: the only way to one. Cluster Sharding makes a session when it is first
/// spoken to, wherever it lives.
final class Sessions {

  static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "session");
  // So long an answer may still say what became of a run, after the client was told that none came.
  private static final Duration LATE_ANSWER_TIMEOUT = Duration.ofMinutes(5);

  private static final int OPEN_AT_ONCE = 64;
  private static final Instant FOREVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Asks asks;
  private final Store store;
  private final UnansweredStarts unanswered;
  private final @Nullable String user;
  private final RunWaits waits;

  private Sessions(
      ActorSystem<?> system,
      Asks asks,
      Store store,
      UnansweredStarts unanswered,
      @Nullable String user) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.asks = asks;
    this.store = store;
    this.unanswered = unanswered;
    this.user = user;
    this.waits =
        new RunWaits(
            (sessionId, request, patience) ->
                sharding
                    .entityRefFor(TYPE, sessionId)
                    .ask(replyTo -> owned(request.apply(replyTo)), patience));
  }

  /// The sessions as a user sees them who has only their own.
  ///
  /// @param whose null for all sessions
  Sessions as(@Nullable String whose) {
    return whose == null ? this : new Sessions(system, asks, store, unanswered, whose);
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
                        request -> {
                          // When the node has left, the Waker wakes them; a region that holds a
                          // message would not end.
                          if (request != SessionProtocol.Wake.INSTANCE || !isEnding(system)) {
                            sharding.entityRefFor(TYPE, entity.getEntityId()).tell(request);
                          }
                        }))
            .withRole("agent")
            .withStopMessage(SessionProtocol.Stop.INSTANCE));
    return new Sessions(system, new Asks(system), wiring.store(), new UnansweredStarts(), null);
  }

  private static boolean isEnding(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system).getShutdownReason().isPresent();
  }

  void bindTo(MeterRegistry registry) {
    asks.bindTo(registry);
  }

  /// Starts a run, and says so when there is no answer in time: then it may start later.
  ///
  /// @param key digest of the request's idempotency key, when it has one
  /// @param chosenId the run's id, when the request has one
  /// @param start makes the command, for a run of the id that it gets
  CompletionStage<SessionReply> run(
      String sessionId,
      @Nullable String key,
      @Nullable String chosenId,
      Function<String, SessionCommand.Start> start) {
    Optional<SessionReply> refused = refusedNow();
    if (refused.isPresent()) {
      return CompletableFuture.completedFuture(refused.get());
    }
    String unknown = chosenId == null ? key : null;
    SessionCommand.Start command;
    CompletableFuture<SessionReply> answered;
    try {
      command = start.apply(chosenId == null ? unanswered.begin(sessionId, unknown) : chosenId);
      answered =
          asks.<Command, SessionReply>ask(
                  sharding.entityRefFor(TYPE, sessionId),
                  replyTo -> owned(new SessionProtocol.Start(command, replyTo)),
                  LATE_ANSWER_TIMEOUT)
              .toCompletableFuture();
    } catch (RuntimeException | Error e) {
      unanswered.end(sessionId, unknown);
      throw e;
    }
    answered.whenComplete((reply, failure) -> unanswered.end(sessionId, unknown));
    return answered
        .copy()
        .completeOnTimeout(
            new SessionReply.Unanswered(command.spec().runId()),
            Asks.PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /// The run once it has ended, or nothing when that is not known when `patience` is over.
  CompletionStage<Optional<SessionReply>> await(String sessionId, String runId, Duration patience) {
    return waits.await(sessionId, runId, patience);
  }

  CompletionStage<SessionReply> cancel(String sessionId, @Nullable String runId) {
    return change(sessionId, new SessionCommand.Cancel(runId, "requested"));
  }

  CompletionStage<SessionReply> answer(AnswerRequest answer) {
    return change(
        answer.sessionId(),
        new SessionCommand.Answer(
            answer.runId(), answer.inputId(), answer.decision(), answer.value(), answer.comment()));
  }

  CompletionStage<SessionReply> get(String sessionId) {
    return query(sessionId, new SessionQuery.Read());
  }

  CompletionStage<SessionReply> getRun(String sessionId, String runId) {
    return query(sessionId, new SessionQuery.ReadRun(runId));
  }

  CompletionStage<SessionReply> getEvents(String sessionId, String runId, long after, int limit) {
    return query(sessionId, new SessionQuery.ReadEvents(runId, after, limit));
  }

  /// A run's events behind `after`, as they come, to its end.
  Source<Numbered, NotUsed> events(String sessionId, String runId, long after) {
    return waits.events(sessionId, runId, after);
  }

  CompletionStage<SessionReply> getMessages(String sessionId, long after, int limit) {
    return query(sessionId, new SessionQuery.ReadMessages(after, limit));
  }

  /// Makes the session, unless it exists.
  ///
  /// @param owner the user whom it belongs to then; null for nobody
  CompletionStage<SessionReply> open(String sessionId, @Nullable String owner) {
    return change(sessionId, new SessionCommand.Open(owner));
  }

  /// @param title null for its first question again
  CompletionStage<SessionReply> name(String sessionId, @Nullable String title) {
    return change(sessionId, new SessionCommand.Name(title));
  }

  CompletionStage<SessionReply> remove(String sessionId) {
    long begun = System.nanoTime();
    return change(sessionId, new SessionCommand.Delete("session_deleted"))
        .thenApply(
            reply ->
                // It was asked again, and the first time may have done it.
                reply instanceof SessionReply.UnknownSession
                        && System.nanoTime() - begun > Asks.FIRST_PAUSE.toNanos()
                    ? new SessionReply.Deleted()
                    : reply);
  }

  /// Wakes every session that has something to do, oldest acceptance first.
  ///
  /// @param until those that have nothing to do before a later time sleep on
  CompletionStage<Done> wakeAll(Instant until) {
    return eachOpen(
        null,
        until,
        sessionId -> {
          sharding.entityRefFor(TYPE, sessionId).tell(SessionProtocol.Wake.INSTANCE);
          return CompletableFuture.completedFuture(Done.getInstance());
        });
  }

  /// Cancels every run, those too that wait for a person. Completes when that is recorded.
  CompletionStage<Done> cancelAll(String reason) {
    return eachOpen(
        null, FOREVER, sessionId -> change(sessionId, new SessionCommand.CancelAll(reason)));
  }

  private CompletionStage<Done> eachOpen(
      @Nullable OpenSession after, Instant until, Function<String, CompletionStage<?>> what) {
    return store
        .sessions()
        .open(after, until, OPEN_AT_ONCE)
        .thenCompose(
            open ->
                CompletableFuture.allOf(
                        open.stream()
                            .map(each -> what.apply(each.sessionId()).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .thenCompose(
                        done ->
                            open.size() < OPEN_AT_ONCE
                                ? CompletableFuture.completedFuture(Done.getInstance())
                                : eachOpen(open.getLast(), until, what)));
  }

  /// @param after what an earlier page called `next`; the first page when null
  /// @throws InvalidField when `after` was never that
  CompletionStage<SessionPage> list(int limit, @Nullable String after, Which which) {
    return store
        .sessions()
        .page(which, limit, after)
        .thenApply(
            lines ->
                new SessionPage(
                    lines.lines().stream().map(SessionJournal::entry).toList(), lines.next()));
  }

  /// What a request is answered that would change something, when it is known beforehand.
  private Optional<SessionReply> refusedNow() {
    return store.trouble().map(Refusals::of);
  }

  private CompletionStage<SessionReply> change(String sessionId, SessionCommand.Request request) {
    return refusedNow()
        .<CompletionStage<SessionReply>>map(CompletableFuture::completedFuture)
        .orElseGet(() -> ask(sessionId, replyTo -> new SessionProtocol.Ask(request, replyTo)));
  }

  private Asked owned(Plain request) {
    return user == null ? request : new SessionProtocol.As(user, request);
  }

  private CompletionStage<SessionReply> query(String sessionId, SessionQuery query) {
    return ask(sessionId, replyTo -> new SessionProtocol.Query(query, replyTo));
  }

  private CompletionStage<SessionReply> ask(
      String sessionId,
      org.apache.pekko.japi.function.Function<ActorRef<SessionReply>, Plain> request) {
    return asks.ask(
        sharding.entityRefFor(TYPE, sessionId), replyTo -> owned(request.apply(replyTo)));
  }
}
