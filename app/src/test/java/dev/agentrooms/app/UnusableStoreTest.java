package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server whose store cannot be had ends with one line that names the setting, and leaves what is
/// there as it is.
@Tag("process")
class UnusableStoreTest {

  /// What is wrong with the store.
  private enum Wrong {
    LOCKED("store.dir: ", " is in use by another process"),
    ZEROS("store.dir: ", " is full of zeros; it was left as it is"),
    CORRUPT("store.dir: ", " is no database; it was left as it is"),
    LATER_SCHEMA("store.dir: ", " later version of this program (schema 99;"),
    NO_FOLDER("store.dir: ", " is no folder"),
    FOLDER_NOT_WRITABLE("store.dir: ", " cannot be written: "),
    FOLDER_NOT_TO_BE_MADE("store.dir: ", " cannot be made: "),
    FILE_NOT_WRITABLE("store.dir: ", "readonly"),
    URL_OF_A_FILE("store.kind: ", "is file, and store.url is set"),
    UNKNOWN_KIND("store.kind: ", "must be one of");

    private final String key;
    private final String why;

    Wrong(String key, String why) {
      this.key = key;
      this.why = why;
    }
  }

  @TempDir private Path folder;
  private @Nullable Path isProtected;

  @AfterEach
  void unprotect() throws IOException, InterruptedException {
    if (isProtected != null) {
      change(isProtected, "-i", "u+w");
    }
  }

  /// Nobody writes to it, not even root, who may do what permissions forbid.
  private void protect(Path path) throws IOException, InterruptedException {
    isProtected = path;
    assumeTrue(change(path, "+i", "a-w"), "there is no way to take root's right to write");
  }

  private static boolean change(Path path, String flag, String mode)
      throws IOException, InterruptedException {
    List<String> line =
        System.getProperty("user.name").equals("root")
            ? List.of("chattr", flag, path.toString())
            : List.of("chmod", mode, path.toString());
    return new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  @ParameterizedTest
  @EnumSource
  void theStartSaysInOneLineWhatIsWrongAndOverwritesNothing(Wrong wrong) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("STORE_KIND", "file");
    environment.put("STORE_DIR", folder.toString());
    try (@Nullable Store held = spoil(wrong, environment)) {
      Path file = folder.resolve("store.db");
      byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];

      try (Spawned process = Spawned.main(environment, "up", "agent", "webui")) {
        assertThat(process.exitCode()).as(process.err()).isEqualTo(2);
        assertThat(process.err().lines().filter(line -> line.startsWith("agent-rooms: ")))
            .singleElement()
            .asString()
            .startsWith("agent-rooms: " + wrong.key)
            .contains(wrong.why);
        assertThat(process.err()).doesNotContain("\tat ");
      }

      assertThat(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]).isEqualTo(before);
      assertThat(held == null || held.trouble().isEmpty()).isTrue();
    }
  }

  private @Nullable Store spoil(Wrong wrong, Map<String, String> environment) throws Exception {
    Path file = folder.resolve("store.db");
    switch (wrong) {
      case LOCKED -> {
        return open();
      }
      case ZEROS -> Files.write(file, new byte[8192]);
      case CORRUPT ->
          Files.write(file, "not a database ".repeat(500).getBytes(StandardCharsets.UTF_8));
      case LATER_SCHEMA -> {
        open().close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            var statement = connection.createStatement()) {
          statement.execute("update schema_version set version = 99");
        }
      }
      case NO_FOLDER ->
          environment.put("STORE_DIR", Files.createFile(folder.resolve("f")).toString());
      case FOLDER_NOT_WRITABLE -> protect(folder);
      case FOLDER_NOT_TO_BE_MADE -> {
        environment.put("STORE_DIR", folder.resolve("data").toString());
        protect(folder);
      }
      case FILE_NOT_WRITABLE -> {
        open().close();
        protect(file);
      }
      case URL_OF_A_FILE -> environment.put("STORE_URL", "jdbc:postgresql://127.0.0.1/rooms");
      case UNKNOWN_KIND -> environment.put("STORE_KIND", "files");
    }
    return null;
  }

  private Store open() {
    return Stores.open(StoreSettings.inFolder(folder), Clock.systemUTC(), StoreListener.NONE);
  }
}
