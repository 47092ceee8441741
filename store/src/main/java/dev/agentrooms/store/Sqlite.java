package dev.agentrooms.store;

import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The common part of the SQLite engines, file and memory.
sealed interface Sqlite extends Engine permits SqliteFile, SqliteMemory {

  String SCHEMA = "sqlite";

  /// The `application_id` of our database files: "aRms".
  int APPLICATION_ID = 0x61526d73;

  int PROBE_BYTES = 64 * 1024;

  static Db open(String url, SQLiteConfig config) throws SQLException {
    var connection = config.createConnection(url);
    try {
      connection.setAutoCommit(false);
      return new Db(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  default Trouble trouble(SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      // An error of the driver itself: a closed connection, or misuse of a statement.
      return e.getMessage() != null && e.getMessage().contains("closed")
          ? Trouble.AWAY
          : Trouble.OTHER;
    }
    SQLiteErrorCode code = sqlite.getResultCode();
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_FULL -> Trouble.FULL;
      case SQLITE_CONSTRAINT -> Trouble.TAKEN;
      case SQLITE_BUSY,
          SQLITE_LOCKED,
          SQLITE_IOERR,
          SQLITE_CORRUPT,
          SQLITE_NOTADB,
          SQLITE_CANTOPEN,
          SQLITE_PERM,
          SQLITE_AUTH,
          SQLITE_READONLY,
          SQLITE_NOMEM,
          SQLITE_PROTOCOL ->
          Trouble.AWAY;
      default -> Trouble.OTHER;
    };
  }

  @Override
  default boolean failsWhole() {
    return true;
  }

  @Override
  default String schema() {
    return SCHEMA;
  }

  // One process has the database.
  @Override
  default void lockSchema(Db db) {}

  @Override
  default void probe(Db db) throws SQLException {
    db.update("delete from store_state where name = 'probe'");
    db.update(
        "insert into store_state (name, value) values ('probe', hex(randomblob(?)))",
        PROBE_BYTES / 2);
    db.commit();
    db.update("delete from store_state where name = 'probe'");
  }
}
