package dev.agentrooms.webui.streams;

import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Wakes those who wait at the tails of streams. Readers that wait at the same place share one
/// reading of the store.
final class Tails {

  // What a round remembers is for those who are woken together, all at one place or few.
  private static final int SHARED_PLACES = 16;

  private final StreamStore store;
  private final Executor executor;
  private final Source source;
  private final int pageBytes;
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private final Map<String, Tail> tails = new ConcurrentHashMap<>();

  /// @param executor where waiting readers go on
  /// @param source of changes that [#changed] is not told of by those who make them
  Tails(StreamStore store, Executor executor, Source source, int pageBytes) {
    this.store = store;
    this.executor = executor;
    this.source = source;
    this.pageBytes = pageBytes;
  }

  /// From one change of a stream to the next. What is read within it shows at least what had
  /// changed when it began.
  final class Round {

    private final String path;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;
    private final Map<Long, CompletionStage<StreamPage>> pages = new ConcurrentHashMap<>();

    private Round(String path) {
      this.path = path;
    }

    /// True with the next change, false when there was none for that long.
    CompletionStage<Boolean> end(Duration patience) {
      Waiting one = new Waiting();
      waiting.add(one);
      if (isOver) {
        one.changed.complete(true);
      }
      one.changed.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
      return one.changed.whenComplete((done, failure) -> waiting.remove(one));
    }

    private void over() {
      isOver = true;
      executor.execute(() -> waiting.forEach(one -> one.changed.complete(true)));
    }

    CompletionStage<StreamPage> read(long after) {
      CompletionStage<StreamPage> known = pages.get(after);
      if (known != null) {
        return known;
      }
      if (pages.size() >= SHARED_PLACES) {
        return store.read(path, after, pageBytes);
      }
      CompletionStage<StreamPage> page =
          pages.computeIfAbsent(after, place -> store.read(path, place, pageBytes));
      return page.whenComplete(
          (found, failure) -> {
            if (failure != null) {
              pages.remove(after, page);
            }
          });
    }
  }

  private static final class Waiting {
    final CompletableFuture<Boolean> changed = new CompletableFuture<>();
  }

  /// What makes a stream's changes known while somebody waits for them.
  interface Interest extends AutoCloseable {

    Interest NONE = () -> {};

    @Override
    void close();
  }

  /// Begins an [Interest].
  interface Source {
    Interest of(String path, Runnable changed);
  }

  /// A stream that somebody waits for.
  private final class Tail {
    private volatile Round round;
    private final Interest interest;
    int watchers;
    StreamStore.@Nullable State state;

    /// @return the round that is over
    synchronized Round next(String path) {
      Round last = round;
      round = new Round(path);
      return last;
    }

    Tail(String path) {
      round = new Round(path);
      interest = source.of(path, () -> changed(path));
    }
  }

  /// One reader's interest in a stream.
  final class Watch implements AutoCloseable {

    private final String path;
    private final Tail tail;

    private Watch(String path, Tail tail) {
      this.path = path;
      this.tail = tail;
    }

    Round round() {
      return tail.round;
    }

    @Override
    public void close() {
      tails.computeIfPresent(
          path,
          (same, it) -> {
            if (--it.watchers > 0) {
              return it;
            }
            it.interest.close();
            return null;
          });
    }
  }

  Watch watch(String path) {
    Tail tail =
        tails.compute(
            path,
            (same, there) -> {
              Tail it = there == null ? new Tail(path) : there;
              it.watchers++;
              return it;
            });
    return new Watch(path, tail);
  }

  /// Something has changed at this path.
  void changed(String path) {
    Tail tail = tails.get(path);
    if (tail != null) {
      tail.next(path).over();
    }
  }

  /// Finds what other nodes have changed.
  void look() {
    Set<String> paths = Set.copyOf(tails.keySet());
    if (paths.isEmpty() || !isLooking.compareAndSet(false, true)) {
      return;
    }
    var _ =
        store
            .states(paths)
            .thenAccept(states -> compare(paths, states))
            .whenComplete((done, failure) -> isLooking.set(false));
  }

  private void compare(Set<String> paths, Map<String, StreamStore.State> states) {
    for (String path : paths) {
      Tail tail = tails.get(path);
      StreamStore.State state = states.get(path);
      if (tail != null && !Objects.equals(tail.state, state)) {
        tail.state = state;
        changed(path);
      }
    }
  }
}
