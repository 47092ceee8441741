package dev.agentrooms.store;

import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The common part of the SQLite engines, file and memory.
final class Sqlite {

  static final String SCHEMA = "sqlite";

  /// The `application_id` of our database files: "aRms".
  static final int APPLICATION_ID = 0x61526d73;

  private static final int PROBE_BYTES = 64 * 1024;

  private Sqlite() {}

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

  static Engine.Trouble trouble(SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      // An error of the driver itself: a closed connection, or misuse of a statement.
      return e.getMessage() != null && e.getMessage().contains("closed")
          ? Engine.Trouble.AWAY
          : Engine.Trouble.OTHER;
    }
    SQLiteErrorCode code = sqlite.getResultCode();
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_FULL -> Engine.Trouble.FULL;
      case SQLITE_CONSTRAINT -> Engine.Trouble.TAKEN;
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
          Engine.Trouble.AWAY;
      default -> Engine.Trouble.OTHER;
    };
  }

  static void probe(Db db) throws SQLException {
    db.update("delete from store_state where name = 'probe'");
    db.update(
        "insert into store_state (name, value) values ('probe', hex(randomblob(?)))",
        PROBE_BYTES / 2);
    db.commit();
    db.update("delete from store_state where name = 'probe'");
  }
}
