package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class BackupTest {

  @TempDir private Path temp;
  private Path dir;
  private Path copy;

  @BeforeEach
  void name() {
    dir = temp.resolve("data");
    copy = temp.resolve("copy.db");
  }

  private Store open() {
    return Stores.open(StoreSettings.inFolder(dir), Clock.systemUTC(), StoreListener.NONE);
  }

  private static void record(Store store, String... events) {
    StoredSession owned = done(store.sessions().load("s"));
    StoredSession.Kept kept = owned.kept();
    done(store.sessions().record(Records.of(owned, kept == null ? 0 : kept.rev(), events)));
  }

  private static void append(Store store, long seq) {
    OpenRoom room = done(store.rooms().open("s", "k3f9", 10));
    CompletableFuture<Long> stored = new CompletableFuture<>();
    store
        .rooms()
        .append(
            room.handle(),
            seq,
            "id-" + seq,
            new byte[1],
            RoomStore.Delivered.NOTHING,
            null,
            new RoomStore.Appended() {
              @Override
              public void stored(long at) {
                stored.complete(at);
              }

              @Override
              public void failed(long at, StoreFailure why) {
                stored.completeExceptionally(why);
              }
            });
    done(stored);
  }

  private List<String> found() {
    try (Store store = open()) {
      return Records.texts(
          Objects.requireNonNull(done(store.sessions().load("s")).kept()).events());
    }
  }

  @Test
  void aCopyIsMadeWhileTheStoreIsWrittenAndIsANewLifeWhereItIsRestored() throws IOException {
    try (Store store = open()) {
      record(store, "a");
      append(store, 1);
      done(store.backUp(copy));
      record(store, "b");
      append(store, 2);
    }
    assertThat(found()).containsExactly("a", "b");

    Path kept = Backup.restore(copy, dir, InstantSource.system());
    assertThat(kept.resolve("store.db")).exists();
    assertThat(found()).containsExactly("a");
    try (Store store = open()) {
      OpenRoom room = done(store.rooms().open("s", "other", 10));
      assertThat(room.last()).isEqualTo(1);
      assertThat(room.epoch())
          .as("seq 2 has been seen, and will be given again")
          .isNotEqualTo("k3f9");
      StoredSession.Kept session = done(store.sessions().load("s")).kept();
      assertThat(Objects.requireNonNull(session).row().life()).isGreaterThan(1);
    }
    try (var files = Files.list(dir)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".next"));
    }
  }

  @Test
  void aFolderIsCopiedFromOutsideWhetherItIsOpenOrNot() {
    try (Store store = open()) {
      record(store, "a");
      Backup.write(dir, copy);
      record(store, "b");
    }
    Backup.write(dir, temp.resolve("second.db"));
    Backup.restore(copy, dir, InstantSource.system());
    assertThat(found()).containsExactly("a");
    Backup.restore(temp.resolve("second.db"), dir, InstantSource.system());
    assertThat(found()).containsExactly("a", "b");
  }

  @Test
  void aFileThatIsThereIsNotOverwritten() throws IOException {
    Files.writeString(copy, "mine");
    try (Store store = open()) {
      record(store, "a");
      assertThatThrownBy(() -> store.backUp(copy).toCompletableFuture().join())
          .hasCauseInstanceOf(StoreRefused.class)
          .hasMessageContaining("is there already");
    }
    assertThat(copy).hasContent("mine");
  }

  @Test
  void onlySoundCopiesAreRestoredAndOnlyIntoAFolderThatNobodyHas() throws IOException {
    try (Store store = open()) {
      record(store, "a");
      Backup.write(dir, copy);
      assertThatThrownBy(() -> Backup.restore(copy, dir, InstantSource.system()))
          .hasMessageContaining("is in use");
    }
    byte[] bytes = Files.readAllBytes(copy);
    assertThatThrownBy(() -> Backup.restore(temp.resolve("none"), dir, InstantSource.system()))
        .hasMessageContaining("is not there");
    Path wrong = Files.write(temp.resolve("wrong"), new byte[9000]);
    assertThatThrownBy(() -> Backup.restore(wrong, dir, InstantSource.system()))
        .hasMessageContaining("is full of zeros");
    Path half = Files.write(temp.resolve("half"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Backup.restore(half, dir, InstantSource.system()))
        .hasMessageContaining("is torn off");
    assertThat(found()).containsExactly("a");
  }

  @Test
  void whatIsBrokenIsKeptWhenACopyTakesItsPlace() throws IOException {
    try (Store store = open()) {
      record(store, "a");
      Backup.write(dir, copy);
    }
    Files.write(dir.resolve("store.db"), new byte[9000]);
    Path kept = Backup.restore(copy, dir, InstantSource.system());
    assertThat(kept.resolve("store.db")).hasSize(9000);
    assertThat(found()).containsExactly("a");
  }

  @Test
  void whatIsInMemoryIsNotCopied() {
    try (Store store =
        Stores.open(StoreSettings.inMemory(), Clock.systemUTC(), StoreListener.NONE)) {
      assertThatThrownBy(() -> store.backUp(copy).toCompletableFuture().join())
          .hasCauseInstanceOf(StoreRefused.class);
    }
  }
}
