package dev.agentrooms.store;

import dev.agentrooms.store.StoreFailure.Unavailable;
import dev.agentrooms.store.StoreFailure.Unstorable;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Runs queries, each on a virtual thread, over a small pool of read connections. Without any, the
/// writer's connection is used.
final class Reads {

  interface Query<T> {
    T ask(Db db) throws SQLException;
  }

  private final Engine engine;
  private final Lane writer;
  private final Health health;
  private final long patienceMillis;
  private final Semaphore permits;
  private final Deque<Db> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Reads(Engine engine, Lane writer, Health health, StoreSettings settings) {
    this.engine = engine;
    this.writer = writer;
    this.health = health;
    this.patienceMillis = settings.patience().toMillis();
    this.permits = new Semaphore(engine.readers(), true);
  }

  <T> CompletableFuture<T> read(Query<T> query, T nothing) {
    if (engine.readers() == 0) {
      var asked =
          new Write.Answered<T>(0, false, nothing) {
            @Override
            T applied(Transaction transaction) throws SQLException {
              transaction.flush();
              return query.ask(transaction.db());
            }
          };
      writer.submit(asked);
      return asked.answer();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (health.trouble().isPresent()) {
      answer.completeExceptionally(health.trouble().get());
    } else {
      Thread.ofVirtual().name("store-read").start(() -> answer(query, answer));
    }
    return answer;
  }

  private <T> void answer(Query<T> query, CompletableFuture<T> answer) {
    try {
      if (!permits.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
        answer.completeExceptionally(new Unavailable("the store is too slow"));
        return;
      }
    } catch (InterruptedException e) {
      answer.completeExceptionally(new Unavailable("the store is closed"));
      return;
    }
    T result;
    try {
      result = ask(query);
    } catch (StoreFailure why) {
      answer.completeExceptionally(why);
      return;
    } catch (RuntimeException bug) {
      answer.completeExceptionally(new Unstorable(bug));
      return;
    } finally {
      permits.release();
    }
    answer.complete(result);
  }

  private <T> T ask(Query<T> query) {
    Db kept = idle.poll();
    if (kept != null) {
      try {
        return ask(query, kept);
      } catch (Unavailable broken) {
        // It may be no more than this connection, from before the store was away and came back.
        if (health.trouble().isPresent()) {
          throw broken;
        }
      }
    }
    try {
      return ask(query, engine.reader());
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private <T> T ask(Query<T> query, Db db) {
    boolean isFine = false;
    try {
      T result = query.ask(db);
      db.rollback();
      isFine = true;
      return result;
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      if (isFine && !closed) {
        idle.push(db);
      } else {
        db.close();
      }
    }
  }

  private StoreFailure failure(SQLException e) {
    return switch (engine.trouble(e)) {
      case FULL, AWAY, RACED -> new Unavailable("the store is away: " + e.getMessage());
      case TAKEN, OTHER -> new Unstorable(e);
    };
  }

  /// Closed after the queries in flight.
  void close() {
    closed = true;
    permits.acquireUninterruptibly(engine.readers());
    for (Db db = idle.poll(); db != null; db = idle.poll()) {
      db.close();
    }
    permits.release(engine.readers());
  }
}
