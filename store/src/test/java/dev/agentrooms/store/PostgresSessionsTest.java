package dev.agentrooms.store;

class PostgresSessionsTest extends SessionStoreContract {

  @Override
  Place place() throws Exception {
    return PostgresPlace.shared();
  }
}
