package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.store.StoreSettings.Sync;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the last process ended decides whether what it said may be taken for known.
@Tag("unit")
class UptimeTest {

  @TempDir private Path dir;

  private StoreSettings settings(Sync sync) {
    return StoreSettings.inFolder(dir).with(sync);
  }

  private Store open(Sync sync) {
    return Stores.open(settings(sync), java.time.Clock.systemUTC(), StoreListener.NONE);
  }

  private void begin(Sync sync) {
    try (Store store = open(sync)) {
      OpenRoom room = done(store.rooms().open("s", "k3f9", 10));
      CompletableFuture<Long> stored = new CompletableFuture<>();
      store
          .rooms()
          .append(
              room.handle(),
              1,
              "id",
              new byte[1],
              RoomStore.Delivered.NOTHING,
              null,
              new Stored(stored));
      done(stored);
      done(store.sessions().record(Records.of(done(store.sessions().load("s")), 0, "a")));
    }
  }

  private record Stored(CompletableFuture<Long> answer) implements RoomStore.Appended {
    @Override
    public void stored(long seq) {
      answer.complete(seq);
    }

    @Override
    public void failed(long seq, StoreFailure why) {
      answer.completeExceptionally(why);
    }
  }

  private void say(String name, String value) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
        var statement =
            connection.prepareStatement("update store_state set value = ? where name = ?")) {
      statement.setString(1, value);
      statement.setString(2, name);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private String epoch() {
    try (Store store = open(Sync.RUNS)) {
      done(store.checked());
      return done(store.rooms().open("s", "other", 10)).epoch();
    }
  }

  private long life() {
    try (Store store = open(Sync.RUNS)) {
      return Objects.requireNonNull(done(store.sessions().load("s")).kept()).row().life();
    }
  }

  @Test
  void afterAGoodEndEverythingIsWhatItWas() throws SQLException {
    begin(Sync.RUNS);
    say("boot_id", "another");
    assertThat(epoch()).isEqualTo("k3f9");
    assertThat(life()).isEqualTo(1);
  }

  @Test
  void afterAKilledProcessEverythingIsWhatItWas() throws SQLException {
    begin(Sync.RUNS);
    say("clean", "false");
    assertThat(epoch()).isEqualTo("k3f9");
    assertThat(life()).isEqualTo(1);
  }

  @Test
  void afterALossOfPowerRoomsBeginAnewAndSessionsNumberTheirDeliveriesAnew() throws SQLException {
    begin(Sync.RUNS);
    say("clean", "false");
    say("boot_id", "another");
    String epoch = epoch();
    assertThat(epoch).isNotEqualTo("k3f9").matches("[0-9a-f]{12}");
    assertThat(epoch()).as("once").isEqualTo(epoch);
    assertThat(life()).isGreaterThan(1_700_000_000_000L);
  }

  @Test
  void afterALossOfPowerWithEverythingSyncedEverythingIsWhatItWas() throws SQLException {
    begin(Sync.ALWAYS);
    say("clean", "false");
    say("boot_id", "another");
    assertThat(epoch()).isEqualTo("k3f9");
  }

  @Test
  void afterALossOfPowerBrokenPagesAreFoundAndTheRecipeIsSaid() throws Exception {
    begin(Sync.RUNS);
    try (Store store = open(Sync.RUNS)) {
      StoredSession owned = done(store.sessions().load("s"));
      for (int rev = 1; rev < 300; rev++) {
        done(store.sessions().record(Records.of(owned, rev, "x".repeat(500))));
      }
    }
    say("clean", "false");
    say("boot_id", "another");
    Path file = dir.resolve("store.db");
    try (var broken = new RandomAccessFile(file.toFile(), "rw")) {
      broken.seek(Files.size(file) - 4096 * 10);
      broken.write(new byte[4096 * 4]);
    }
    try (Store store = open(Sync.RUNS)) {
      assertThatThrownBy(() -> store.checked().toCompletableFuture().join())
          .hasCauseInstanceOf(StoreRefused.class)
          .hasMessageContaining("is broken")
          .hasMessageContaining("./dev restore");
    }
  }
}
