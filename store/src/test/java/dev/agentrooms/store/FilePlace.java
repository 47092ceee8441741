package dev.agentrooms.store;

import java.nio.file.Path;

final class FilePlace extends Place {

  private final StoreSettings settings;

  FilePlace(Path dir) {
    settings = StoreSettings.inFolder(dir.resolve("data"));
  }

  @Override
  StoreSettings settings() {
    return settings;
  }
}
