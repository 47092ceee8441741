package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The connection of a writer, which may be gone and come back.
final class WriterConnection {

  private final Engine engine;
  private @Nullable Db db;

  WriterConnection(Engine engine, Db db) {
    this.engine = engine;
    this.db = db;
  }

  boolean isOpen() {
    return db != null;
  }

  Db db() {
    return Objects.requireNonNull(db);
  }

  /// @throws SQLException when there is no connection any more, nor a new one
  void rollback() throws SQLException {
    if (db == null) {
      return;
    }
    try {
      db.rollback();
    } catch (SQLException e) {
      // Some failures have ended the transaction already, which some drivers do not know.
      disconnect();
      db = engine.writer();
    }
  }

  void disconnect() {
    if (db != null) {
      db.close();
      db = null;
    }
  }

  /// Writes, over a new connection if there is none.
  void probe() throws SQLException {
    Db open = db == null ? engine.writer() : db;
    db = open;
    engine.probe(open);
    open.commit();
  }
}
