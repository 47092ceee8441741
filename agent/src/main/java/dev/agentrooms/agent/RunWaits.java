package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Plain;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.RunEvents.Numbered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;

/// Waits with a session for what a run becomes. The session may move meanwhile, so nobody waits for
/// long at a time, and asks again.
record RunWaits(Asking asking) {

  /// Asks a session, wherever it is.
  interface Asking {

    /// @return fails when there is no answer within `patience`
    CompletionStage<SessionReply> ask(
        String sessionId, Function<ActorRef<SessionReply>, Plain> request, Duration patience);
  }

  /// The run once it has ended, or nothing when that is not known when `patience` is over.
  CompletionStage<Optional<SessionReply>> await(String sessionId, String runId, Duration patience) {
    return await(sessionId, runId, System.nanoTime() + patience.toNanos());
  }

  private CompletionStage<Optional<SessionReply>> await(
      String sessionId, String runId, long deadline) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Duration patience = left.compareTo(RunListeners.PATIENCE) < 0 ? left : RunListeners.PATIENCE;
    return patiently(sessionId, patience, replyTo -> new SessionProtocol.Await(runId, replyTo))
        .thenCompose(
            reply ->
                reply.isPresent()
                    ? CompletableFuture.completedFuture(reply)
                    : await(sessionId, runId, deadline));
  }

  /// A run's events behind `after`, as they come, to its end.
  Source<Numbered, NotUsed> events(String sessionId, String runId, long after) {
    return Source.unfoldAsync(
            after,
            last ->
                last < 0
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : patiently(
                            sessionId,
                            RunListeners.PATIENCE,
                            replyTo -> new SessionProtocol.Follow(runId, last, replyTo))
                        .thenApply(reply -> Optional.of(next(last, reply))))
        // The next is asked for before the last is written: a deleted session does not wait.
        .buffer(1, OverflowStrategy.backpressure())
        .mapConcat(events -> events);
  }

  /// @return the number of the last event, or -1 at the end; and the events
  private static Pair<Long, List<Numbered>> next(long last, Optional<SessionReply> reply) {
    if (reply.isEmpty()) {
      return Pair.create(last, List.of());
    }
    if (reply.get() instanceof SessionReply.Following(var events, boolean isOver)) {
      return Pair.create(
          isOver ? -1L : events.isEmpty() ? last : (long) events.getLast().n(), events);
    }
    return Pair.create(-1L, List.of());
  }

  private CompletionStage<Optional<SessionReply>> patiently(
      String sessionId, Duration patience, Function<ActorRef<SessionReply>, Plain> request) {
    long begun = System.nanoTime();
    return asking
        .ask(sessionId, request, patience)
        .<Optional<SessionReply>>thenApply(Optional::of)
        .exceptionallyCompose(
            failure -> {
              // At once when the system stops: whoever asks again is not to ask without a pause.
              long left = patience.toNanos() - (System.nanoTime() - begun);
              return new CompletableFuture<Optional<SessionReply>>()
                  .completeOnTimeout(Optional.empty(), Math.max(0, left), TimeUnit.NANOSECONDS);
            });
  }
}
