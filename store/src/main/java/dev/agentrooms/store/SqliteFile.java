package dev.agentrooms.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/// SQLite with a database file in a folder, in WAL mode. A commit does not sync to disk, which is
/// [Syncer]'s task; [Checkpoints] moves the WAL into the database.
final class SqliteFile implements Sqlite {

  private static final int READERS = 4;

  // In pages of 4 KiB. Beyond that the writer itself checkpoints, so that the WAL restarts.
  private static final int CHECKPOINT_PAGES = 8000;

  private final Folder folder;
  private final int patienceMillis;
  // Closing the last connection would remove the WAL, so one is kept open.
  private final Db keeper;
  private final FileWal wal;

  /// Creates the database if necessary, and marks it as ours.
  SqliteFile(Folder folder, StoreSettings settings) throws SQLException, IOException {
    this.folder = folder;
    this.patienceMillis = (int) settings.patience().toMillis();
    this.keeper = writer();
    try {
      mark();
      this.wal = new FileWal(folder.wal());
    } catch (SQLException | IOException | RuntimeException e) {
      keeper.close();
      throw e;
    }
    folder.sync();
  }

  private void mark() throws SQLException {
    if (keeper.number(0, "pragma application_id") != Sqlite.APPLICATION_ID) {
      if (keeper.number(0, "select count(*) from sqlite_schema") > 0) {
        throw new StoreRefused(
            "store.dir", folder.database() + " belongs to another program; it was left as it is");
      }
      keeper.execute("pragma application_id = " + Sqlite.APPLICATION_ID);
    }
    keeper.commit();
  }

  static SQLiteConfig config(int patienceMillis) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.NORMAL);
    // The driver begins a transaction as soon as one has ended; it must not hold a lock yet.
    config.setTransactionMode(TransactionMode.DEFERRED);
    config.setBusyTimeout(patienceMillis);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(CHECKPOINT_PAGES));
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, String.valueOf(64 << 20));
    config.setCacheSize(-16_000);
    return config;
  }

  /// For copying (VACUUM), which cannot run in a transaction.
  static SQLiteConfig copyConfig() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(10_000);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0");
    return config;
  }

  /// For readers, which must never checkpoint.
  static SQLiteConfig readerConfig(int patienceMillis) {
    SQLiteConfig config = config(patienceMillis);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0");
    config.setCacheSize(-2_000);
    return config;
  }

  @Override
  public Db writer() throws SQLException {
    return Sqlite.open(folder.url(), config(patienceMillis));
  }

  @Override
  public Db reader() throws SQLException {
    Db db = Sqlite.open(folder.url(), readerConfig(patienceMillis));
    db.execute("pragma query_only = true");
    db.rollback();
    return db;
  }

  @Override
  public int writers() {
    return 1;
  }

  @Override
  public int readers() {
    return READERS;
  }

  @Override
  public Wal wal() {
    return wal;
  }

  Folder folder() {
    return folder;
  }

  @Override
  public void close() {
    wal.close();
    keeper.close();
    folder.close();
  }

  /// The WAL, opened beside SQLite. SQLite holds no POSIX locks on it, which closing this
  /// descriptor would release.
  private static final class FileWal implements Wal {

    private final FileChannel channel;

    FileWal(Path file) throws IOException {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // Opened for syncing only.
      }
    }
  }
}
