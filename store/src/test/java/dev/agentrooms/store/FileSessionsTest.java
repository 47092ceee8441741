package dev.agentrooms.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSessionsTest extends SessionStoreContract {

  @TempDir private Path dir;

  @Override
  Place place() {
    return new FilePlace(dir);
  }
}
