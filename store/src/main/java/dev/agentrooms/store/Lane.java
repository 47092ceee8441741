package dev.agentrooms.store;

import dev.agentrooms.store.StoreFailure.OutcomeUnknown;
import dev.agentrooms.store.StoreFailure.Unavailable;
import dev.agentrooms.store.StoreFailure.Unstorable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A writer: one connection and its thread, with group commit. All waiting writes are committed in
/// one transaction and then acknowledged; meanwhile the next group gathers.
///
/// A failed transaction is split until the write that caused it fails alone. While the database is
/// down or full, waiting writes fail, and new ones fail at once.
final class Lane implements Runnable {

  private static final long RETRY_MILLIS = 250;
  private static final int RACES = 5;

  private final Engine engine;
  private final WriterConnection connection;
  private final StoreClock clock;
  private final long patience;
  private final Backlog backlog;
  private final Syncer syncer;
  private final Health health;
  private final @Nullable Checkpoints checkpoints;
  private final StoreListener listener;
  private final Thread thread;
  private final CountDownLatch told = new CountDownLatch(1);

  // When the present transaction began; 0 when there is none.
  private volatile long busySince;
  private volatile @Nullable StoreFailure trouble;
  private volatile boolean closing;
  private long knownFalls;

  Lane(
      String name,
      Engine engine,
      Db db,
      StoreClock clock,
      StoreSettings settings,
      Syncer syncer,
      Health health,
      @Nullable Checkpoints checkpoints,
      StoreListener listener) {
    this.engine = engine;
    this.connection = new WriterConnection(engine, db);
    this.clock = clock;
    this.patience = settings.patience().toNanos();
    this.backlog = new Backlog(settings.maxWaiting());
    this.syncer = syncer;
    this.health = health;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
  }

  void start() {
    thread.start();
  }

  /// The outcome is reported to the write, possibly before this returns.
  void submit(Write write) {
    StoreFailure why = closing ? new Unavailable("the store is closed") : trouble;
    write.waitsSince(clock.nanos());
    if (why == null && !backlog.offer(write)) {
      why = new Unavailable("too much waits to be stored");
    }
    if (why != null) {
      write.fail(why, listener);
    }
  }

  int waiting() {
    return backlog.size();
  }

  @Override
  public void run() {
    try {
      while (!closing || backlog.size() > 0) {
        if (trouble != null) {
          recover();
        }
        List<Write> group = trouble == null ? backlog.take(RETRY_MILLIS) : List.of();
        look();
        List<Write> timely = timely(group);
        if (!timely.isEmpty()) {
          busySince = clock.nanos() | 1;
          commit(timely, 0);
          busySince = 0;
        }
      }
    } catch (InterruptedException e) {
      // Closed, and its time is over.
    } catch (RuntimeException | Error bug) {
      listener.warning("a writer of the store has ended", bug);
      health.down(this, new Unavailable("the store has failed"));
    } finally {
      closing = true;
      turnAway(new Unavailable("the store is closed"));
      connection.disconnect();
    }
  }

  // Writes that have waited too long fail: their requests have timed out.
  private List<Write> timely(List<Write> group) {
    long now = clock.nanos();
    List<Write> timely = new ArrayList<>(group.size());
    for (Write write : group) {
      if (now - write.since() <= patience) {
        timely.add(write);
      } else {
        fail(write, new Unavailable("the store is too slow"));
      }
    }
    return timely;
  }

  private void commit(List<Write> group, int races) {
    StoreFailure why = trouble;
    if (why != null && !connection.isOpen()) {
      group.forEach(write -> fail(write, why));
      return;
    }
    Db open = connection.db();
    Transaction transaction = new Transaction(open, clock);
    boolean committing = false;
    long begin = clock.nanos();
    try {
      transaction.apply(group);
      committing = true;
      open.commit();
    } catch (SQLException e) {
      onFailure(group, e, committing, races);
      return;
    } catch (RuntimeException bug) {
      onFailure(group, new SQLException(bug), false, races);
      return;
    }
    transaction.committed();
    answer(group, transaction, begin);
  }

  private void answer(List<Write> group, Transaction transaction, long begin) {
    long bytes = transaction.stored(group).mapToLong(Write::bytes).sum();
    int records = group.size() - transaction.refused().size();
    listener.committed(records, bytes, clock.nanos() - begin);
    if (checkpoints != null) {
      checkpoints.committed(records, bytes);
    }
    int fenced = transaction.fenced();
    if (fenced > 0) {
      listener.fenced(fenced);
    }
    transaction.refused().forEach(Write::lost);
    syncer.written(group, transaction.refused());
  }

  private void onFailure(List<Write> group, SQLException e, boolean committing, int races) {
    switch (e instanceof Raced ? Engine.Trouble.RACED : engine.trouble(e)) {
      case FULL -> {
        rollback();
        down(group, new StoreFailure.Full("there is no room for what is to be stored"));
      }
      case AWAY -> {
        connection.disconnect();
        String why = "the store is away: " + e.getMessage();
        StoreFailure failure =
            committing && !engine.failsWhole() ? new OutcomeUnknown(why) : new Unavailable(why);
        group.forEach(write -> fail(write, failure));
        down(List.of(), new Unavailable(why));
      }
      case RACED -> {
        rollback();
        if (races < RACES) {
          apart(group, races + 1);
        } else {
          group.forEach(write -> fail(write, new Unavailable("others write the same")));
        }
      }
      case TAKEN, OTHER -> {
        rollback();
        if (group.size() > 1) {
          apart(group, races);
        } else {
          fail(group.getFirst(), refusal(e));
        }
      }
    }
  }

  private StoreFailure refusal(SQLException e) {
    if (engine.trouble(e) == Engine.Trouble.TAKEN) {
      listener.fenced(1);
      return new StoreFailure.Fenced("what was to be stored");
    }
    listener.warning("a record cannot be stored", e);
    return new Unstorable(e);
  }

  private void apart(List<Write> group, int races) {
    int half = group.size() / 2;
    if (half > 0) {
      commit(group.subList(0, half), races);
    }
    commit(group.subList(half, group.size()), races);
  }

  private void fail(Write write, StoreFailure why) {
    write.lost(why);
    write.fail(why, listener);
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      down(List.of(), new Unavailable("the store is away: " + e.getMessage()));
    }
  }

  private void down(List<Write> group, StoreFailure why) {
    trouble = why;
    group.forEach(write -> fail(write, why));
    turnAway(why);
    health.down(this, why);
  }

  private void turnAway(StoreFailure why) {
    for (Write write = backlog.poll(); write != null; write = backlog.poll()) {
      write.fail(why, listener);
    }
  }

  /// Probes whether the database is up again.
  private void recover() throws InterruptedException {
    turnAway(Objects.requireNonNull(trouble));
    if (probed()) {
      trouble = null;
      health.up(this);
    } else if (told.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  private boolean probed() {
    try {
      connection.probe();
      return true;
    } catch (SQLException e) {
      if (engine.trouble(e) == Engine.Trouble.FULL) {
        rollback();
      } else {
        connection.disconnect();
      }
      return false;
    }
  }

  /// A connection that nobody used may be as broken as that of a writer that found the store away.
  private void look() {
    long falls = health.falls();
    if (falls != knownFalls && trouble == null && !probed()) {
      down(List.of(), new Unavailable("the store is away"));
    }
    knownFalls = falls;
  }

  /// Called periodically. Detects a transaction that takes longer than requests wait: what is
  /// queued behind it fails, and its own outcome is unknown.
  void watch() {
    long since = busySince;
    if (since != 0 && clock.nanos() - since > patience) {
      Unavailable stuck = new Unavailable("the store does not answer");
      if (trouble == null) {
        trouble = stuck;
        health.down(this, stuck);
      }
      turnAway(stuck);
    }
  }

  /// Writes the rest of the queue and stops, after `limit` at the latest.
  void close(Duration limit) throws InterruptedException {
    closing = true;
    told.countDown();
    backlog.wake();
    if (!thread.join(limit)) {
      thread.interrupt();
    }
  }
}
