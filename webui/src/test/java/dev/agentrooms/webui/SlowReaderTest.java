package dev.agentrooms.webui;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One of two hundred readers stops reading, and delays no other.
@Tag("wire")
@Timeout(300)
class SlowReaderTest {

  private static final int PROMPT_READERS = 199;
  private static final int EVENTS = 150;
  private static final int HISTORY_SIZE = 50;
  private static final int LARGE = 100_000;
  private static final int LARGE_EVENTS = 400;

  @Test
  void aStalledReaderDelaysNoOther() throws Exception {
    try (var webUi = TestWebUi.start("webui.room.history-size = " + HISTORY_SIZE);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var stalled = webUi.connect()) {
      var sockets = new ArrayList<TestSocket>();
      for (int i = 0; i < PROMPT_READERS; i++) {
        sockets.add(webUi.connect());
        sockets.getLast().subscribe("quiz1");
      }
      // The first round is for the compiler.
      deliver(webUi, threads, sockets, 0);
      long before = deliver(webUi, threads, sockets, 1);

      stalled.subscribe("quiz1");
      stalled.subscribe("large");
      long heapBefore = usedHeap();
      String large = "x".repeat(LARGE);
      for (int i = 1; i <= LARGE_EVENTS; i++) {
        webUi.publish("large", "e" + i, large);
      }
      long most = 3L * HISTORY_SIZE * LARGE;
      long heapGrowth = usedHeap() - heapBefore;
      // What other threads are about to let go of does not count.
      for (int i = 0; i < 20 && heapGrowth >= most; i++) {
        heapGrowth = Math.min(heapGrowth, usedHeap() - heapBefore);
      }
      long during = deliver(webUi, threads, sockets, 2);

      System.out.printf(
          "median until all have read: %d µs, with a stalled reader %d µs; heap grew by %d KB%n",
          before / 1_000, during / 1_000, heapGrowth / 1_024);
      assertThat(heapGrowth)
          .as("no more than what the room retains, and a batch on its way")
          .isLessThan(most);
      // A busy machine takes its time, but not that of the one that does not read.
      assertThat(during).isLessThan(5 * before + SECONDS.toNanos(2));

      // When it reads again, it learns that it has lagged.
      var frame = stalled.next();
      while (frame.start() == TestSocket.TEXT) {
        frame = stalled.next();
      }
      assertThat(frame.closing()).isEqualTo("4008 lagged");
      deliver(webUi, threads, sockets, 3);
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /// Publishes events one after the other, each when everybody has read the one before; the median
  /// time that this took.
  private static long deliver(
      TestWebUi webUi, ExecutorService threads, List<TestSocket> sockets, int round)
      throws Exception {
    var latches = new ArrayList<CountDownLatch>();
    for (int i = 0; i < EVENTS; i++) {
      latches.add(new CountDownLatch(sockets.size()));
    }
    var readers = new ArrayList<Future<?>>();
    for (TestSocket socket : sockets) {
      readers.add(threads.submit(() -> read(socket, latches, (long) round * EVENTS)));
    }
    var times = new long[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      long start = System.nanoTime();
      webUi.publish("quiz1", "e" + round + "-" + i);
      assertThat(latches.get(i).await(60, SECONDS)).as("all have read event %d", i).isTrue();
      times[i] = System.nanoTime() - start;
    }
    for (var reader : readers) {
      reader.get(60, SECONDS);
    }
    Arrays.sort(times);
    return times[EVENTS / 2];
  }

  private static @Nullable Void read(TestSocket socket, List<CountDownLatch> latches, long after)
      throws IOException {
    for (int i = 0; i < latches.size(); i++) {
      assertThat(socket.seq()).isEqualTo(after + i + 1);
      latches.get(i).countDown();
    }
    return null;
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
