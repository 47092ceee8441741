package dev.agentrooms.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.StoreSettings.Sync;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
@Timeout(60)
class SyncerTest {

  private final Disk disk = new Disk();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private Syncer syncer = syncer(Duration.ofMillis(20));

  private Syncer syncer(Duration interval) {
    StoreSettings settings = StoreSettings.inFolder(Path.of("")).with(Sync.RUNS, interval);
    return new Syncer(
        disk, settings, new StoreClock(Clock.systemUTC(), System::nanoTime), StoreListener.NONE);
  }

  @AfterEach
  void close() throws InterruptedException {
    disk.gate.release(1000);
    syncer.close();
  }

  private final class Said extends Write {
    private final String name;

    Said(String name, boolean lasting) {
      super(0, lasting);
      this.name = name;
    }

    @Override
    void apply(Transaction transaction) {}

    @Override
    void done() {
      heard.add(name);
    }

    @Override
    void failed(StoreFailure why) {
      heard.add(name + " " + why.getClass().getSimpleName());
    }
  }

  /// Syncs once for each permit.
  private static final class Disk implements Engine.Wal {
    final Semaphore gate = new Semaphore(0);
    final CountDownLatch synced = new CountDownLatch(1);
    volatile boolean broken;

    @Override
    public void sync() throws IOException {
      gate.acquireUninterruptibly();
      synced.countDown();
      if (broken) {
        throw new IOException("the disk is gone");
      }
    }

    @Override
    public void close() {}
  }

  private void written(Write... group) {
    syncer.written(List.of(group), new IdentityHashMap<>());
  }

  private String next() throws InterruptedException {
    return String.valueOf(heard.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void whatHasToLastIsAnsweredOnceItHasReachedTheDiskAndTheRestAtOnce() throws Exception {
    syncer.start();
    written(new Said("run", true), new Said("progress", false), new Said("cancel", true));
    assertThat(heard).containsExactly("progress");
    heard.clear();
    disk.gate.release();
    assertThat(next()).isEqualTo("run");
    assertThat(next()).isEqualTo("cancel");
  }

  @Test
  void thoseThatWaitWhileTheDiskIsBusyShareTheNextTurn() throws Exception {
    syncer = syncer(Duration.ofHours(1));
    syncer.start();
    written(new Said("1", true));
    disk.gate.release();
    assertThat(next()).isEqualTo("1");
    written(new Said("2", true));
    written(new Said("3", true));
    written(new Said("4", true));
    disk.gate.release(2);
    assertThat(List.of(next(), next(), next())).containsExactly("2", "3", "4");
  }

  @Test
  void whatNobodyWaitsForReachesTheDiskAfterTheInterval() throws Exception {
    syncer.start();
    disk.gate.release();
    written(new Said("progress", false));
    assertThat(disk.synced.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatADiskMayNotHaveIsInDoubt() throws Exception {
    disk.broken = true;
    syncer.start();
    disk.gate.release();
    written(new Said("run", true));
    assertThat(next()).isEqualTo("run OutcomeUnknown");
  }

  @Test
  void whatWasRefusedIsToldSo() throws Exception {
    syncer.start();
    Said run = new Said("run", true);
    var refused = new IdentityHashMap<Write, StoreFailure>();
    refused.put(run, new StoreFailure.Fenced("it"));
    syncer.written(List.of(run), refused);
    assertThat(next()).isEqualTo("run Fenced");
  }
}
