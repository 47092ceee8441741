package dev.agentrooms.store;

import org.junit.jupiter.api.Tag;

@Tag("process")
class PostgresSessionsTest extends SessionStoreContract {

  @Override
  Place place() throws Exception {
    return PostgresPlace.shared();
  }
}
