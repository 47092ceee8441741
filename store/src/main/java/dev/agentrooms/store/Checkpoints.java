package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Checkpoints SQLite's WAL on another connection than the writer's, so that the rest that the
/// writer itself has to checkpoint, when the WAL restarts, is small and blocks nothing.
final class Checkpoints {

  private static final long BYTES = 8 * 1024 * 1024;
  // Each write changes about one page besides its own.
  private static final long PAGE = 4096;

  private final SqliteFile engine;
  private final StoreListener listener;
  private final AtomicLong written = new AtomicLong();
  private final AtomicBoolean isRunning = new AtomicBoolean();

  Checkpoints(SqliteFile engine, StoreListener listener) {
    this.engine = engine;
    this.listener = listener;
  }

  void committed(int records, long bytes) {
    written.addAndGet(bytes + records * PAGE);
  }

  /// Called periodically; does not block.
  void mayBegin() {
    if (written.get() > BYTES && isRunning.compareAndSet(false, true)) {
      written.set(0);
      Thread.ofPlatform().name("store-checkpoint").daemon().start(this::run);
    }
  }

  private void run() {
    try {
      checkpoint(engine.folder(), "PASSIVE");
    } catch (SQLException e) {
      // The writer will checkpoint instead.
      listener.warning("the store's log could not be moved into the database", e);
    } finally {
      isRunning.set(false);
    }
  }

  static void checkpoint(Folder folder, String mode) throws SQLException {
    try (var connection = SqliteFile.config(1000).createConnection(folder.url());
        var statement = connection.createStatement()) {
      statement.execute("pragma wal_checkpoint(" + mode + ")");
    }
  }
}
