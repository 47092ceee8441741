package dev.agentrooms.store;

class PostgresRoomsTest extends RoomStoreContract {

  @Override
  Place place() throws Exception {
    return PostgresPlace.shared();
  }
}
