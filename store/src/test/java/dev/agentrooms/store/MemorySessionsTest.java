package dev.agentrooms.store;

class MemorySessionsTest extends SessionStoreContract {

  @Override
  Place place() {
    return new Place() {
      @Override
      StoreSettings settings() {
        return StoreSettings.inMemory();
      }

      @Override
      boolean lasts() {
        return false;
      }
    };
  }
}
