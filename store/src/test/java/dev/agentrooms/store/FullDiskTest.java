package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk of 12 MiB, where one can be mounted.
@Tag("process")
@Timeout(120)
class FullDiskTest {

  @TempDir private Path dir;
  private boolean isMounted;

  @BeforeEach
  void mount() throws Exception {
    isMounted = run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", dir.toString());
    assumeThat(isMounted).as("only root can mount a small disk").isTrue();
  }

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      run("umount", dir.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static @Nullable StoreFailure outcome(CompletionStage<Void> asked) throws Exception {
    return asked
        .toCompletableFuture()
        .<@Nullable StoreFailure>handle((done, e) -> e == null ? null : StoreFailure.of(e))
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatFindsNoRoomIsRefusedAndTheStoreComesBackOnceThereIsRoom() throws Exception {
    Path other = Files.write(dir.resolve("other"), new byte[8 * 1024 * 1024]);
    BlockingQueue<String> states = new LinkedBlockingQueue<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void down(StoreFailure why) {
            states.add("down: " + why.getClass().getSimpleName());
          }

          @Override
          public void up() {
            states.add("up");
          }
        };
    long rev = 0;
    try (Store store =
        Stores.open(StoreSettings.inFolder(dir.resolve("data")), Clock.systemUTC(), listener)) {
      StoredSession owned = done(store.sessions().load("s"));
      StoreFailure full = null;
      while (full == null) {
        full = outcome(store.sessions().record(Records.of(owned, rev, "x".repeat(100_000))));
        rev += full == null ? 1 : 0;
      }
      assertThat(full).isInstanceOf(StoreFailure.Full.class);
      assertThat(states.poll(30, TimeUnit.SECONDS)).isEqualTo("down: Full");
      Files.delete(other);
      while (outcome(store.sessions().record(Records.of(owned, rev, "small again"))) != null) {
        assertThat(states.poll(30, TimeUnit.SECONDS)).as("a change for the better").isNotNull();
      }
      rev++;
    }
    try (Store store =
        Stores.open(
            StoreSettings.inFolder(dir.resolve("data")), Clock.systemUTC(), StoreListener.NONE)) {
      StoredSession.Kept kept = done(store.sessions().load("s")).kept();
      assertThat(Objects.requireNonNull(kept).rev())
          .as("all that was answered, and no more")
          .isEqualTo(rev);
    }
  }
}
