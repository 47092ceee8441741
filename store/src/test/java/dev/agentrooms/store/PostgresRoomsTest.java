package dev.agentrooms.store;

import org.junit.jupiter.api.Tag;

@Tag("process")
class PostgresRoomsTest extends RoomStoreContract {

  @Override
  Place place() throws Exception {
    return PostgresPlace.shared();
  }
}
