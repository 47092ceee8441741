package dev.agentrooms.app;

import dev.agentrooms.store.PostgresServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// The same with a database server.
@Tag("process")
class KilledPostgresTest extends KilledTest {

  private static @Nullable PostgresServer server;
  private static String url = "";

  KilledPostgresTest() throws IOException {}

  @BeforeAll
  static void startServer() throws Exception {
    PostgresServer started = PostgresServer.start();
    server = started;
    url = started.url(started.newDatabase());
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
