package dev.agentrooms.store;

import dev.agentrooms.store.OpenRoom.Handle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store for tests with injected faults: it is down, refuses a record, or dies at a record like
/// a killed process.
///
/// Records are counted from 1, from the last time that it was told something. What a dead store is
/// asked is neither done nor answered, ever; open another one over the same real store to see what
/// is left.
public final class BrittleStore implements Store {

  /// What counts as a record.
  public enum Counted {
    SESSION_RECORD,
    SESSION_FORGOTTEN,
    ROOM_EVENT
  }

  private enum Fate {
    REFUSE,
    STORE_AND_REFUSE,
    DIE_BEFORE,
    DIE_AFTER
  }

  private final Store real;
  private final StoreListener listener;
  private final Sessions sessions = new Sessions();
  private final Rooms rooms = new Rooms();
  private final CompletableFuture<Void> died = new CompletableFuture<>();

  // Guarded by this.
  private Set<Counted> counted = EnumSet.allOf(Counted.class);
  private @Nullable Fate fate;
  private int left;
  private int count;
  private volatile boolean dead;
  private volatile boolean away;

  public BrittleStore(Store real) {
    this(real, StoreListener.NONE);
  }

  /// @param listener hears of [#away] and [#back]
  public BrittleStore(Store real, StoreListener listener) {
    this.real = real;
    this.listener = listener;
  }

  /// Counts only these; everything, unless it is told.
  public synchronized BrittleStore counting(Set<Counted> what) {
    counted = Set.copyOf(what);
    return this;
  }

  /// The n-th record is not stored, and its sender hears so.
  public void failAt(int n) {
    tell(Fate.REFUSE, n);
  }

  /// The n-th record is stored, and its sender hears that nobody can tell.
  public void doubtAt(int n) {
    tell(Fate.STORE_AND_REFUSE, n);
  }

  /// The process is gone before the n-th record is stored.
  public void dieBefore(int n) {
    tell(Fate.DIE_BEFORE, n);
  }

  /// The process is gone after the n-th record was stored, and before anybody heard of it.
  public void dieAfter(int n) {
    tell(Fate.DIE_AFTER, n);
  }

  private synchronized void tell(Fate next, int n) {
    fate = next;
    left = n;
    count = 0;
  }

  /// Completes when it has died, what it stored at the last being stored.
  public CompletionStage<Void> died() {
    return died;
  }

  /// How many records were counted since it was told something.
  public synchronized int count() {
    return count;
  }

  /// Everything is refused, until it is back.
  public void away() {
    away = true;
    listener.down(unavailable());
  }

  public void back() {
    away = false;
    listener.up();
  }

  private static StoreFailure unavailable() {
    return new StoreFailure.Unavailable("the store is away, as it was told");
  }

  private synchronized @Nullable Fate fateOf(Counted kind) {
    if (!counted.contains(kind)) {
      return null;
    }
    count++;
    if (fate == null || --left > 0) {
      return null;
    }
    Fate now = fate;
    fate = null;
    return now;
  }

  private <T> CompletionStage<T> write(Counted kind, Supplier<CompletionStage<T>> call) {
    if (dead || away) {
      return notDone();
    }
    switch (fateOf(kind)) {
      case null -> {
        return answer(call.get());
      }
      case REFUSE -> {
        return CompletableFuture.failedFuture(unavailable());
      }
      case STORE_AND_REFUSE -> {
        return call.get().thenCompose(done -> CompletableFuture.failedFuture(doubt()));
      }
      case DIE_BEFORE -> dieNow();
      case DIE_AFTER -> {
        dead = true;
        call.get().whenComplete((done, e) -> died.complete(null));
      }
    }
    return new CompletableFuture<>();
  }

  private static StoreFailure doubt() {
    return new StoreFailure.OutcomeUnknown("nobody can tell, as it was told");
  }

  private void dieNow() {
    dead = true;
    died.complete(null);
  }

  private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> call) {
    return dead || away ? notDone() : answer(call.get());
  }

  private <T> CompletionStage<T> notDone() {
    return dead ? new CompletableFuture<>() : CompletableFuture.failedFuture(unavailable());
  }

  private <T> CompletionStage<T> answer(CompletionStage<T> real) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    real.whenComplete(
        (done, e) -> {
          if (dead) {
            return;
          }
          if (e == null) {
            answer.complete(done);
          } else {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  @Override
  public SessionStore sessions() {
    return sessions;
  }

  @Override
  public RoomStore rooms() {
    return rooms;
  }

  @Override
  public StreamStore streams() {
    return real.streams();
  }

  @Override
  public SubscriptionStore subscriptions() {
    return real.subscriptions();
  }

  @Override
  public Optional<StoreFailure> trouble() {
    return away ? Optional.of(unavailable()) : real.trouble();
  }

  @Override
  public int waiting() {
    return real.waiting();
  }

  @Override
  public CompletionStage<Void> checked() {
    return real.checked();
  }

  @Override
  public CompletionStage<Void> backUp(Path file) {
    return ask(() -> real.backUp(file));
  }

  /// The real one stays open.
  @Override
  public void close() {}

  private final class Sessions implements SessionStore {

    @Override
    public CompletionStage<StoredSession> load(String sessionId) {
      return ask(() -> real.sessions().load(sessionId));
    }

    @Override
    public CompletionStage<Void> record(SessionRecord record) {
      return write(Counted.SESSION_RECORD, () -> real.sessions().record(record));
    }

    @Override
    public CompletionStage<SessionLines> page(Which which, int limit, @Nullable String after) {
      return ask(() -> real.sessions().page(which, limit, after));
    }

    @Override
    public CompletionStage<List<OpenSession>> open(
        @Nullable OpenSession after, Instant until, int limit) {
      return ask(() -> real.sessions().open(after, until, limit));
    }

    @Override
    public CompletionStage<Long> waiting(Instant now) {
      return ask(() -> real.sessions().waiting(now));
    }

    @Override
    public CompletionStage<Void> forget(String sessionId, long generation) {
      return write(Counted.SESSION_FORGOTTEN, () -> real.sessions().forget(sessionId, generation));
    }

    @Override
    public CompletionStage<List<String>> forgetUnused(Duration ttl) {
      return ask(() -> real.sessions().forgetUnused(ttl));
    }

    @Override
    public CompletionStage<Long> count() {
      return ask(() -> real.sessions().count());
    }
  }

  private final class Rooms implements RoomStore {

    @Override
    public CompletionStage<OpenRoom> open(
        String sessionId, @Nullable String epoch, int historySize) {
      return ask(() -> real.rooms().open(sessionId, epoch, historySize));
    }

    @Override
    public CompletionStage<String> freshEpoch(String sessionId) {
      return ask(() -> real.rooms().freshEpoch(sessionId));
    }

    @Override
    public void append(
        Handle room,
        long seq,
        String eventId,
        byte[] body,
        RoomStore.Delivered delivered,
        @Nullable RoomProducer by,
        Appended answer) {
      write(
              Counted.ROOM_EVENT,
              () -> {
                CompletableFuture<Void> stored = new CompletableFuture<>();
                real.rooms().append(room, seq, eventId, body, delivered, by, new Told(stored));
                return stored;
              })
          .whenComplete(
              (done, e) -> {
                if (e == null) {
                  answer.stored(seq);
                } else {
                  answer.failed(seq, StoreFailure.of(e));
                }
              });
    }

    @Override
    public CompletionStage<Optional<RoomPage>> read(String sessionId, long after, int limit) {
      return ask(() -> real.rooms().read(sessionId, after, limit));
    }

    @Override
    public CompletionStage<Void> touch(Handle room) {
      return ask(() -> real.rooms().touch(room));
    }

    @Override
    public CompletionStage<Void> produced(Handle room, RoomProducer by) {
      return ask(() -> real.rooms().produced(room, by));
    }

    @Override
    public CompletionStage<Boolean> make(Handle room) {
      return ask(() -> real.rooms().make(room));
    }

    @Override
    public CompletionStage<Void> forget(Handle room) {
      return ask(() -> real.rooms().forget(room));
    }

    @Override
    public CompletionStage<List<String>> forgetUnused(Duration ttl) {
      return ask(() -> real.rooms().forgetUnused(ttl));
    }
  }

  private record Told(CompletableFuture<Void> stored) implements RoomStore.Appended {

    @Override
    public void stored(long seq) {
      stored.complete(null);
    }

    @Override
    public void failed(long seq, StoreFailure why) {
      stored.completeExceptionally(why);
    }
  }
}
