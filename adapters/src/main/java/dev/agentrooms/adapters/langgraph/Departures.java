package dev.agentrooms.adapters.langgraph;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/// Readers that have said `on_disconnect: cancel`: when the last of them has gone from a run, and
/// none has come back after a while, the run is cancelled.
///
/// It knows the readers of this node alone: a reader that comes back to another node has gone.
final class Departures {

  /// Longer than clients take to come back.
  static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration grace;
  private final Map<String, Integer> readers = new ConcurrentHashMap<>();

  Departures(Duration grace) {
    this.grace = grace;
  }

  /// Watches one reader of a run. A run that has shown its end has nothing to cancel.
  ///
  /// @param run names it among all threads
  /// @param cancel what to do when nobody comes back
  Flow<Shown, Shown, NotUsed> watch(String run, Runnable cancel) {
    AtomicBoolean hasEnded = new AtomicBoolean();
    return Flow.<Shown>create()
        .map(
            shown -> {
              if (shown.kind() == Shown.Kind.END) {
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
