package dev.agentrooms.store;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What differs between the databases.
sealed interface Engine extends AutoCloseable permits SqliteFile, SqliteMemory, Postgres {

  /// What an error means for what was to be stored.
  enum Trouble {
    /// No room on the disk.
    FULL,
    /// The database, or the way to it, is gone or broken.
    AWAY,
    /// This transaction lost against another; it may succeed when it is tried again.
    RACED,
    /// What was to be new is there already, by another's hand.
    TAKEN,
    /// Something in the records.
    OTHER
  }

  /// A connection that may write.
  Db writer() throws SQLException;

  /// A connection that only reads; each of its transactions sees one state.
  Db reader() throws SQLException;

  /// How many connections write.
  int writers();

  /// How many connections read; 0 when the writing one has to.
  int readers();

  Trouble trouble(SQLException e);

  /// Whether a commit that failed has stored nothing, for sure.
  boolean failsWhole();

  /// The folder of the schema's files.
  String schema();

  /// Before anything else of a transaction that changes the schema, so that it is alone.
  void lockSchema(Db db) throws SQLException;

  /// Writes so much that a full disk would show.
  void probe(Db db) throws SQLException;

  /// The file in which all that was committed is found first; null when there is none to sync.
  @Nullable Wal wal();

  @Override
  void close();

  /// SQLite's log of what was committed.
  interface Wal extends AutoCloseable {

    /// Lets all that was written to it reach the disk.
    void sync() throws IOException;

    @Override
    void close();
  }
}
