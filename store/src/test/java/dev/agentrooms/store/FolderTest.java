package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders that cannot be a store's are refused with the reason, and left as they are.
@Tag("unit")
class FolderTest {

  @TempDir private Path temp;
  private Path dir;
  private Path file;

  @BeforeEach
  void name() {
    dir = temp.resolve("data");
    file = dir.resolve("store.db");
  }

  private Store open() {
    return Stores.open(StoreSettings.inFolder(dir), Clock.systemUTC(), StoreListener.NONE);
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> open().close())
        .isInstanceOfSatisfying(StoreRefused.class, e -> assertThat(e.key()).isEqualTo("store.dir"))
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  private void makeStore() {
    try (Store store = open()) {
      StoredSession owned = done(store.sessions().load("s"));
      for (int rev = 0; rev < 20; rev++) {
        done(store.sessions().record(Records.of(owned, rev, "x".repeat(3000))));
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aFolderThatIsNotThereIsMadeForItsOwnerAlone() throws IOException {
    dir = temp.resolve("a/b");
    open().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
        .isEqualTo("rwx------");
  }

  @Test
  void aStoreThatIsClosedIsOneFile() throws IOException {
    makeStore();
    try (var files = Files.list(dir)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("store.db", "lock");
    }
  }

  @Test
  void oneProcessHasIt() {
    try (Store first = open()) {
      assertRefused("is in use by another process");
      assertThat(done(first.sessions().count())).as("the first is not disturbed").isZero();
    }
    open().close();
  }

  @Test
  void aFileInItsPlaceIsNoFolder() throws IOException {
    Files.writeString(dir, "mine");
    assertRefused("is no folder");
    assertThat(dir).hasContent("mine");
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefused() throws IOException {
    assumeThat(System.getProperty("user.name")).as("root may write anything").isNotEqualTo("root");
    Files.createDirectory(dir);
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("r-x------"));
    assertRefused("cannot be written");
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() {
    dir = Path.of("/proc/agent-rooms");
    assertRefused("cannot be made");
  }

  @Test
  void aFileOfZerosIsLeftAsItIs() throws IOException {
    Files.createDirectory(dir);
    byte[] zeros = new byte[8192];
    Files.write(file, zeros);
    assertRefused("is full of zeros");
    assertThat(Files.readAllBytes(file)).isEqualTo(zeros);
  }

  @Test
  void aFileOfAnotherKindIsLeftAsItIs() throws IOException {
    Files.createDirectory(dir);
    Files.writeString(file, "a letter to a friend ".repeat(20));
    assertRefused("is no database");
    assertThat(file).hasContent("a letter to a friend ".repeat(20));
  }

  @Test
  void anotherProgramsDatabaseIsLeftAsItIs() throws Exception {
    Files.createDirectory(dir);
    execute("create table letters (text)");
    byte[] before = Files.readAllBytes(file);
    assertRefused("belongs to another program");
    assertThat(Files.readAllBytes(file).length).isEqualTo(before.length);
    execute("insert into letters values ('still here')");
  }

  @Test
  void aDatabaseThatIsMarkedByAnotherProgramIsLeftAsItIs() throws Exception {
    Files.createDirectory(dir);
    execute("pragma application_id = 12345");
    execute("create table letters (text)");
    byte[] before = Files.readAllBytes(file);
    assertRefused("belongs to another program");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFileThatIsTornOffIsRefused() throws IOException {
    makeStore();
    try (var torn = new RandomAccessFile(file.toFile(), "rw")) {
      torn.setLength(torn.length() - 5000);
    }
    long length = Files.size(file);
    assertRefused("is torn off at its end");
    assertThat(Files.size(file)).isEqualTo(length);
  }

  @Test
  void aLogWithoutItsDatabaseIsNotThrownAway() throws IOException {
    Files.createDirectory(dir);
    Files.writeString(dir.resolve("store.db-wal"), "what was written last");
    assertRefused("is gone or empty");
    assertThat(dir.resolve("store.db-wal")).hasContent("what was written last");
  }

  @Test
  void aLaterSchemaIsRefusedAndLeftAsItIs() throws Exception {
    makeStore();
    execute("update schema_version set version = 99");
    byte[] before = Files.readAllBytes(file);
    assertRefused("later version of this program (schema 99; this one knows " + Schema.VERSION);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void anEmptyFileIsANewStore() throws IOException {
    Files.createDirectory(dir);
    Files.createFile(file);
    makeStore();
    try (Store store = open()) {
      assertThat(done(store.sessions().count())).isEqualTo(1);
    }
  }

  @Test
  void whatATornPageKeepsFromBeingReadIsSaidAndNotHidden() throws IOException {
    makeStore();
    try (var broken = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 4096; at < broken.length(); at += 4096) {
        broken.seek(at);
        broken.write(new byte[600]);
      }
    }
    assertThatThrownBy(
            () -> {
              try (Store store = open()) {
                done(store.sessions().load("s"));
              }
            })
        .isInstanceOfAny(StoreRefused.class, AssertionError.class);
    assertThat(file).exists();
  }
}
