package dev.agentrooms.adapters;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/// Readers that have said `on_disconnect: cancel`: when the last of them has gone from a run, and
/// none has come back after a while, the run is cancelled.
///
/// It knows the readers of this node alone: a reader that comes back to another node has gone.
public final class Departures {

  /// Longer than clients take to come back.
  public static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration grace;
  private final Map<String, Integer> readers = new ConcurrentHashMap<>();

  public Departures(Duration grace) {
    this.grace = grace;
  }

  /// Watches one reader of a run. A run that has shown its end has nothing to cancel.
  ///
  /// @param run names it among all sessions
  /// @param isEnd whether what is shown is the run's end
  /// @param cancel what to do when nobody comes back
  public <T> Flow<T, T, NotUsed> watch(String run, Predicate<T> isEnd, Runnable cancel) {
    AtomicBoolean hasEnded = new AtomicBoolean();
    return Flow.<T>create()
        .map(
            shown -> {
              if (isEnd.test(shown)) {
                hasEnded.set(true);
              }
              return shown;
            })
        .watchTermination(
            (start, gone) -> {
              readers.merge(run, 1, Integer::sum);
              gone.whenComplete((done, failure) -> left(run, hasEnded.get(), cancel));
              return NotUsed.getInstance();
            });
  }

  private void left(String run, boolean hasEnded, Runnable cancel) {
    readers.computeIfPresent(run, (name, count) -> count == 1 ? null : count - 1);
    if (!hasEnded) {
      CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                if (!readers.containsKey(run)) {
                  cancel.run();
                }
              });
    }
  }
}
