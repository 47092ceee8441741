package dev.agentrooms.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A database of one server, which all tests of this JVM share.
final class PostgresPlace extends Place {

  private static @Nullable PostgresServer shared;

  private final StoreSettings settings;

  PostgresPlace(PostgresServer server) throws SQLException {
    settings = StoreSettings.at(server.url(server.newDatabase()), PostgresServer.USER, null);
  }

  static synchronized PostgresPlace shared() throws Exception {
    if (shared == null) {
      PostgresServer server = PostgresServer.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      shared = server;
    }
    return new PostgresPlace(shared);
  }

  @Override
  StoreSettings settings() {
    return settings;
  }
}
