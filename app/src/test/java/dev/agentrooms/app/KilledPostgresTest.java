package dev.agentrooms.app;

import dev.agentrooms.store.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// The same with a database server.
@Tag("process")
class KilledPostgresTest extends KilledTest {

  private static @Nullable PostgresServer server;

  private final String url;

  KilledPostgresTest() throws IOException, SQLException {
    PostgresServer started = Objects.requireNonNull(server);
    url = started.url(started.newDatabase());
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  Spawned start(int part, Map<String, String> environment) throws Exception {
    return Spawned.jvm()
        .with(environment)
        .with(Map.of("STORE_KIND", "postgresql", "STORE_URL", url))
        .with(Map.of("STORE_USER", PostgresServer.USER))
        .main("up", "agent", "webui");
  }
}
