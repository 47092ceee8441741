package dev.agentrooms.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// SQLite in memory: the database exists as long as its one connection.
final class SqliteMemory implements Sqlite {

  @Override
  public Db writer() throws SQLException {
    return Sqlite.open("jdbc:sqlite::memory:", new SQLiteConfig());
  }

  @Override
  public Db reader() throws SQLException {
    throw new SQLException("there is one connection only");
  }

  @Override
  public int writers() {
    return 1;
  }

  @Override
  public int readers() {
    return 0;
  }

  @Override
  public @Nullable Wal wal() {
    return null;
  }

  @Override
  public void close() {}
}
