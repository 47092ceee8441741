package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;

import com.sun.management.OperatingSystemMXBean;
import dev.agentrooms.store.StoreSettings.Sync;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Events a second into many rooms, and what one costs in processor time, for each way of syncing:
/// `main EVENTS [jdbc:postgresql://…]`. On a machine that others use, compare the costs alone.
final class StoreBench {

  private static final int ROOMS = 500;
  private static final int IN_FLIGHT = 16;
  private static final int HISTORY = 200;
  private static final byte[] BODY = new byte[300];

  private StoreBench() {}

  public static void main(String[] args) throws Exception {
    int events = Integer.parseInt(args[0]);
    System.out.println("| store | events/s | p50 / p99 ms | CPU µs/event | events a commit |");
    System.out.println("|---|---|---|---|---|");
    for (Sync sync : Sync.values()) {
      StoreSettings settings =
          StoreSettings.inFolder(Files.createTempDirectory(Path.of("."), "bench")).with(sync);
      measure("file, " + sync.name().toLowerCase(Locale.ROOT), settings, events);
      delete(settings.dir());
    }
    if (args.length > 1) {
      measure("PostgreSQL", StoreSettings.at(args[1], PostgresServer.USER, null), events);
    }
  }

  private static void measure(String name, StoreSettings settings, int events)
      throws InterruptedException {
    AtomicLong commits = new AtomicLong();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void committed(int records, long bytes, long nanos) {
            commits.incrementAndGet();
          }
        };
    try (Store store = Stores.open(settings, Clock.systemUTC(), listener)) {
      List<OpenRoom.Handle> rooms = new ArrayList<>();
      for (int i = 0; i < ROOMS; i++) {
        rooms.add(done(store.rooms().open("room-" + i, "epoch", HISTORY)).handle());
      }
      write(store.rooms(), rooms, 0, events, new long[events]);
      long[] took = new long[events];
      commits.set(0);
      long cpu = cpu();
      long begin = System.nanoTime();
      write(store.rooms(), rooms, events, events, took);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double micros = (cpu() - cpu) / 1e3 / events;
      Arrays.sort(took);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.2f / %.1f | %.1f | %.1f |%n",
          name,
          events / seconds,
          took[events / 2] / 1e6,
          took[events * 99 / 100] / 1e6,
          micros,
          events / (double) commits.get());
    }
  }

  private static void write(
      RoomStore store, List<OpenRoom.Handle> rooms, int from, int count, long[] took)
      throws InterruptedException {
    Semaphore underWay = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < count; i++) {
      int at = i;
      int turn = from + i;
      underWay.acquire();
      long begin = System.nanoTime();
      store.append(
          rooms.get(turn % ROOMS),
          turn / ROOMS + 1,
          "event-" + turn,
          BODY,
          new RoomStore.Delivered(1, turn, null),
          null,
          new RoomStore.Appended() {
            @Override
            public void stored(long seq) {
              took[at] = System.nanoTime() - begin;
              underWay.release();
            }

            @Override
            public void failed(long seq, StoreFailure why) {
              throw new IllegalStateException(why);
            }
          });
    }
    underWay.acquire(IN_FLIGHT);
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void delete(Path dir) throws IOException {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }
}
