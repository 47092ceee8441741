package dev.agentrooms.webui.streams;

import dev.agentrooms.store.StreamPage;
import dev.agentrooms.store.StreamStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Wakes those who wait at the tails of streams. Readers that wait at the same place share one
/// reading of the store.
final class Tails {

  // What a round remembers is for those who are woken together, all at one place or few.
  private static final int SHARED_PLACES = 16;

  private final StreamStore store;
  private final Executor executor;
  private final int pageBytes;
  private final Map<String, Tail> tails = new ConcurrentHashMap<>();

  /// @param executor where waiting readers go on
  Tails(StreamStore store, Executor executor, int pageBytes) {
    this.store = store;
    this.executor = executor;
    this.pageBytes = pageBytes;
  }

  /// From one change of a stream to the next. What is read within it shows at least what had
  /// changed when it began.
  final class Round {

    private final String path;
    private final Set<CompletableFuture<Boolean>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;
    private final Map<Long, CompletionStage<StreamPage>> pages = new ConcurrentHashMap<>();

    private Round(String path) {
      this.path = path;
    }

    /// True with the next change, false when there was none for that long.
    CompletionStage<Boolean> end(Duration patience) {
      CompletableFuture<Boolean> changed = new CompletableFuture<>();
      waiting.add(changed);
      if (isOver) {
        changed.complete(true);
      }
      changed.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
      return changed.whenComplete((done, failure) -> waiting.remove(changed));
    }

    private void over() {
      isOver = true;
      executor.execute(() -> waiting.forEach(changed -> changed.complete(true)));
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

  /// A stream that somebody waits for.
  private final class Tail {
    final AtomicReference<Round> round;
    int watchers;
    StreamStore.@Nullable State state;

    Tail(String path) {
      round = new AtomicReference<>(new Round(path));
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
      return tail.round.get();
    }

    @Override
    public void close() {
      tails.computeIfPresent(path, (same, it) -> --it.watchers == 0 ? null : it);
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
      tail.round.getAndSet(new Round(path)).over();
    }
  }

  /// Finds what other nodes have changed.
  CompletionStage<Void> look() {
    Set<String> paths = Set.copyOf(tails.keySet());
    return store.states(paths).thenAccept(states -> compare(paths, new HashMap<>(states)));
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
