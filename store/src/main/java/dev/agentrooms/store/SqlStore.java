package dev.agentrooms.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An open store: writers, readers, and periodic maintenance.
final class SqlStore implements Store {

  private static final long WATCH_MILLIS = 250;

  /// The interval at which a process records that it is up.
  static final long BEAT_MILLIS = 10_000;

  private final Engine engine;
  private final Lanes lanes;
  private final Syncer syncer;
  private final Reads reads;
  private final Health health;
  private final StoreClock clock;
  private final Duration patience;
  private final SessionStore sessions;
  private final RoomStore rooms;
  private final StreamStore streams;
  private final SubscriptionStore subscriptions;
  private final PushedStore pushed;
  private final SignInStore signIns;
  private final @Nullable Members members;
  private final CompletionStage<Void> checked;
  private final @Nullable Checkpoints checkpoints;
  private final StoreListener listener;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ScheduledExecutorService care =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-care").daemon().factory());

  SqlStore(
      Engine engine,
      Lanes lanes,
      Syncer syncer,
      Reads reads,
      Health health,
      StoreClock clock,
      StoreSettings settings,
      CompletionStage<Void> checked,
      @Nullable Checkpoints checkpoints,
      StoreListener listener) {
    this.engine = engine;
    this.lanes = lanes;
    this.syncer = syncer;
    this.reads = reads;
    this.health = health;
    this.clock = clock;
    this.patience = settings.patience();
    this.sessions = new SqlSessions(lanes, reads, clock, settings.sync());
    this.rooms =
        settings.kind() == StoreSettings.Kind.MEMORY
            ? new NoRooms()
            : new SqlRooms(lanes, reads, clock, settings.sync());
    this.streams = new SqlStreams(lanes, reads, clock, settings.sync());
    this.subscriptions = new SqlSubscriptions(lanes, reads);
    this.pushed = new SqlPushed(lanes, reads, clock);
    this.signIns = new SqlSignIns(lanes, reads);
    this.members = engine instanceof Postgres shared ? new PostgresMembers(shared) : null;
    this.checked = checked;
    this.checkpoints = checkpoints;
    this.listener = listener;
  }

  void start() {
    syncer.start();
    lanes.all().forEach(Lane::start);
    every(WATCH_MILLIS, this::watch);
    if (engine.readers() > 0) {
      every(BEAT_MILLIS, this::beat);
    }
  }

  private void every(long millis, Runnable task) {
    care.scheduleWithFixedDelay(
        () -> {
          try {
            task.run();
          } catch (RuntimeException bug) {
            listener.warning("the store could not be looked after", bug);
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
  }

  private void watch() {
    lanes.all().forEach(Lane::watch);
    if (checkpoints != null) {
      checkpoints.mayBegin();
    }
  }

  private void beat() {
    lanes.ask(
        "",
        true,
        transaction -> {
          Uptime.alive(transaction.db(), clock);
          return true;
        });
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
    return streams;
  }

  @Override
  public SubscriptionStore subscriptions() {
    return subscriptions;
  }

  @Override
  public SignInStore signIns() {
    return signIns;
  }

  @Override
  public PushedStore pushed() {
    return pushed;
  }

  @Override
  public Optional<Members> members() {
    return Optional.ofNullable(members);
  }

  @Override
  public Optional<StoreFailure> trouble() {
    return health.trouble();
  }

  @Override
  public int waiting() {
    return lanes.waiting();
  }

  @Override
  public CompletionStage<Void> checked() {
    return checked;
  }

  @Override
  public CompletionStage<Void> backUp(Path file) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("store-backup")
        .daemon()
        .start(
            () -> {
              try {
                Backup.write(engine, file);
                done.complete(null);
              } catch (StoreRefused | StoreFailure e) {
                done.completeExceptionally(e);
              } catch (RuntimeException bug) {
                done.completeExceptionally(bug);
              }
            });
    return done;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    care.shutdownNow();
    if (members != null) {
      members.close();
    }
    try {
      for (Lane lane : lanes.all()) {
        lane.close(patience);
      }
      syncer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reads.close();
    end();
    engine.close();
  }

  private void end() {
    if (!(engine instanceof SqliteFile file)) {
      return;
    }
    try (Db db = engine.writer()) {
      Uptime.end(db, clock);
    } catch (SQLException e) {
      listener.warning("the store could not be closed well; the next start will look after it", e);
      return;
    }
    try {
      file.wal().sync();
    } catch (IOException e) {
      listener.warning("what was written could not be synced", e);
    }
  }
}
