package dev.agentrooms.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class FileStreamsTest extends StreamStoreContract {

  @TempDir private Path dir;

  @Override
  Place place() {
    return new FilePlace(dir);
  }
}
