package dev.agentrooms.store;

import org.junit.jupiter.api.Tag;

@Tag("process")
class PostgresStreamsTest extends StreamStoreContract {

  @Override
  Place place() throws Exception {
    return PostgresPlace.shared();
  }
}
