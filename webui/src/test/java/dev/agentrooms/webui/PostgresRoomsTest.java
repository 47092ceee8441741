package dev.agentrooms.webui;

import dev.agentrooms.store.PostgresServer;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/// The same as [StoredRoomsTest] with a database server.
@Tag("process")
@Timeout(120)
class PostgresRoomsTest extends StoredRoomsTest {

  private static @Nullable PostgresServer server;
  private static @Nullable StoreSettings settings;

  @BeforeAll
  static void startServer() throws Exception {
    PostgresServer started = PostgresServer.start();
    server = started;
    settings = StoreSettings.at(started.url(started.newDatabase()), PostgresServer.USER, null);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  Store open(Path folder) {
    return Stores.open(Objects.requireNonNull(settings), Instant::now, StoreListener.NONE);
  }
}
