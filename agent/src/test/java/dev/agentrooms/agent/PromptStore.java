package dev.agentrooms.agent;

import dev.agentrooms.store.BrittleStore;
import dev.agentrooms.store.RoomStore;
import dev.agentrooms.store.SessionRecord;
import dev.agentrooms.store.SessionRow;
import dev.agentrooms.store.SessionStore;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreFailure;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.StoredSession;
import dev.agentrooms.store.Stores;
import dev.agentrooms.store.StreamStore;
import dev.agentrooms.store.SubscriptionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A real store in memory whose answers are there when it is asked, so that a test under manual
/// time knows what has happened.
final class PromptStore implements Store, SessionStore {

  private final Store stored;
  private final BrittleStore real;
  private final AtomicInteger loads = new AtomicInteger();
  private volatile CompletionStage<?> held = CompletableFuture.completedFuture(null);

  PromptStore(InstantSource clock) {
    this(Stores.open(StoreSettings.inMemory(), clock, StoreListener.NONE));
  }

  PromptStore(Store real) {
    this.stored = real;
    this.real = new BrittleStore(real);
  }

  private static <T> CompletionStage<T> now(CompletionStage<T> later) {
    try {
      return CompletableFuture.completedFuture(later.toCompletableFuture().join());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(StoreFailure.of(e));
    }
  }

  /// Nothing can be read, recorded or forgotten as long as it is away.
  void away(boolean isAway) {
    if (isAway) {
      real.away();
    } else {
      real.back();
    }
  }

  /// What is read or recorded from now on is when that is completed.
  void holdUntil(CompletionStage<?> released) {
    held = released;
  }

  /// How many sessions are listed.
  long size() {
    return real.sessions().count().toCompletableFuture().join();
  }

  /// Whether a session has this name.
  boolean isTaken(String name) {
    SessionRow row = new SessionRow(Instant.EPOCH, Instant.EPOCH, null, "", Instant.EPOCH, 0, 0, 1);
    StoredSession other = real.sessions().load("another").toCompletableFuture().join();
    SessionRecord wants =
        SessionRecord.of(other, 0, List.of(), row, SessionRecord.Kind.PROGRESS)
            .taking(List.of(name));
    try {
      real.sessions().record(wants).toCompletableFuture().join();
    } catch (CompletionException e) {
      return e.getCause() instanceof StoreFailure.NameTaken;
    }
    real.sessions().forget("another", other.generation()).toCompletableFuture().join();
    return false;
  }

  /// The list of sessions.
  List<String> lines() {
    return real.sessions().page(100, null, null).toCompletableFuture().join().lines();
  }

  @Override
  public SessionStore sessions() {
    return this;
  }

  @Override
  public RoomStore rooms() {
    return real.rooms();
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
    return real.trouble();
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
    return real.backUp(file);
  }

  /// How often a session was read.
  int loads() {
    return loads.get();
  }

  @Override
  public CompletionStage<StoredSession> load(String sessionId) {
    loads.incrementAndGet();
    return held.thenCompose(released -> now(real.sessions().load(sessionId)));
  }

  @Override
  public CompletionStage<Void> record(SessionRecord record) {
    return held.thenCompose(released -> now(real.sessions().record(record)));
  }

  @Override
  public CompletionStage<SessionLines> page(Which which, int limit, @Nullable String after) {
    return now(real.sessions().page(which, limit, after));
  }

  @Override
  public CompletionStage<List<OpenSession>> open(
      @Nullable OpenSession after, Instant until, int limit) {
    return now(real.sessions().open(after, until, limit));
  }

  @Override
  public CompletionStage<Void> forget(String sessionId, long generation) {
    return now(real.sessions().forget(sessionId, generation));
  }

  @Override
  public CompletionStage<List<String>> forgetUnused(Duration ttl) {
    return now(real.sessions().forgetUnused(ttl));
  }

  @Override
  public CompletionStage<Long> count() {
    return now(real.sessions().count());
  }

  @Override
  public CompletionStage<Long> waiting(Instant now) {
    return now(real.sessions().waiting(now));
  }

  @Override
  public void close() {
    stored.close();
  }
}
