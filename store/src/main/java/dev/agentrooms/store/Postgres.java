package dev.agentrooms.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A database on a server.
final class Postgres implements Engine {

  Postgres(StoreSettings settings) {
    throw new StoreRefused("store.url", "not yet: " + settings);
  }

  @Override
  public Db writer() throws SQLException {
    throw new SQLException();
  }

  @Override
  public Db reader() throws SQLException {
    throw new SQLException();
  }

  @Override
  public int writers() {
    return 1;
  }

  @Override
  public int readers() {
    return 4;
  }

  @Override
  public Trouble trouble(SQLException e) {
    return Trouble.OTHER;
  }

  @Override
  public boolean failsWhole() {
    return false;
  }

  @Override
  public String schema() {
    return "postgresql";
  }

  @Override
  public void lockSchema(Db db) {}

  @Override
  public void probe(Db db) {}

  @Override
  public @Nullable Wal wal() {
    return null;
  }

  @Override
  public void close() {}
}
