package dev.agentrooms.store;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The port behind which the databases differ.
sealed interface Engine extends AutoCloseable permits Sqlite, Postgres {

  /// What a database error means for the write.
  enum Trouble {
    /// The disk is full.
    FULL,
    /// The database or the connection to it is broken.
    AWAY,
    /// A conflict with another transaction; a retry may succeed.
    RACED,
    /// A unique key exists already.
    TAKEN,
    /// The record itself cannot be stored.
    OTHER
  }

  /// Opens a connection for writing.
  Db writer() throws SQLException;

  /// Opens a read-only connection with snapshot isolation.
  Db reader() throws SQLException;

  /// The number of writing connections.
  int writers();

  /// The number of reading connections; 0 when the writer reads too.
  int readers();

  Trouble trouble(SQLException e);

  /// Whether a failed commit is certain to have stored nothing.
  boolean failsWhole();

  /// The resource folder of the schema's migrations.
  String schema();

  /// Locks the schema, as the first statement of a migration.
  void lockSchema(Db db) throws SQLException;

  /// Writes enough to find out whether the disk is still full.
  void probe(Db db) throws SQLException;

  /// The WAL, which has to be synced; null when the engine syncs by itself.
  @Nullable Wal wal();

  @Override
  void close();

  /// SQLite's write-ahead log (WAL).
  interface Wal extends AutoCloseable {

    /// Syncs the WAL to disk (fsync).
    void sync() throws IOException;

    @Override
    void close();
  }
}
