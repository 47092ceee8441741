package dev.agentrooms.store;

import org.junit.jupiter.api.Tag;

@Tag("unit")
class MemoryStreamsTest extends StreamStoreContract {

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
