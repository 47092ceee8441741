package dev.agentrooms.webui.room;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.webui.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A writer and readers on threads of their own: what the park-and-look-again of [Subscriber#poll]
/// is for.
@Tag("race")
@Timeout(300)
class SubscriberRaceTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /// A holder on its own thread, which waits until it is woken.
  private static final class Reader implements Callable<Long> {

    private volatile boolean woken;
    private final Subscriber subscriber = new Subscriber(Loop.NONE, () -> woken = true);
    private final long last;
    private final int slowness;
    private volatile long read;
    private int waits;
    private volatile boolean lagged;

    /// @param slowness the most work between two reads, in turns of a loop
    Reader(History history, long last, int slowness) {
      this.last = last;
      this.slowness = slowness;
      subscriber.begin(history, 1, () -> {});
    }

    /// Reads up to `last`, or until it has lagged; the last `seq` that it read.
    @Override
    public Long call() {
      var random = new SplittableRandom(last);
      while (read < last) {
        var event = subscriber.poll();
        if (event != null) {
          assertThat(event.seq()).as("after " + read).isEqualTo(read + 1);
          assertThat(event.eventId()).isEqualTo("e" + event.seq());
          read = event.seq();
          for (int i = random.nextInt(slowness + 1); i > 0; i--) {
            Thread.onSpinWait();
          }
        } else if (subscriber.isLagged()) {
          lagged = true;
          return read;
        } else {
          waits++;
          awaitWake();
        }
      }
      return read;
    }

    // Spinning, because a thread that sleeps is too slow to meet the writer half-way.
    private void awaitWake() {
      long deadline = System.nanoTime() + SECONDS.toNanos(20);
      for (int i = 1; !woken; i++) {
        spin(i);
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not woken after " + read);
        }
      }
      woken = false;
    }
  }

  // On a machine with other work the one that is waited for may not be running.
  @SuppressWarnings("ThreadPriorityCheck") // it is a hint, for a race
  private static void spin(int turn) {
    if (turn % 1_000 == 0) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  private static List<EncodedEvent> events(int count) {
    var events = new ArrayList<EncodedEvent>(count);
    for (int i = 1; i <= count; i++) {
      events.add(new EncodedEvent("quiz1", "e" + i, new byte[] {'{', '}'}));
    }
    return events;
  }

  private List<Future<Long>> start(List<Reader> readers) {
    return readers.stream().map(threads::submit).toList();
  }

  @Test
  void noWakeUpIsLostAndNoEventSkipped() throws Exception {
    int count = Stress.times(100_000);
    var events = events(count);
    var history = new History("k3f9", 4);
    var reader = new Reader(history, count, 20);
    var result = threads.submit(reader);

    // The next event comes only when the reader has read this one and is about to park: if that
    // event did not wake it, nothing ever would.
    for (var event : events) {
      history.append(event);
      reader.subscriber.wakeUp();
      for (int i = 1; reader.read < history.last() && !result.isDone(); i++) {
        spin(i);
      }
    }

    assertThat(result.get(Stress.times(120), SECONDS)).isEqualTo(count);
    assertThat(reader.waits).as("how often it parked").isGreaterThan(count / 100);
  }

  @Test
  void aReaderThatIsOvertakenHasLaggedAndWasShownNothingWrong() throws Exception {
    int rounds = Stress.times(100);
    int count = 1_000;
    var events = events(count);
    int lagged = 0;
    int whole = 0;
    for (int round = 0; round < rounds; round++) {
      int capacity = 1 + round % 40;
      var history = new History("k3f9", capacity);
      var readers =
          List.of(new Reader(history, count, 0), new Reader(history, count, 10 * capacity));
      var results = start(readers);

      for (var event : events) {
        history.append(event);
        readers.forEach(reader -> reader.subscriber.wakeUp());
        for (int i = 30 * (round % 10); i > 0; i--) {
          Thread.onSpinWait();
        }
      }

      for (int i = 0; i < readers.size(); i++) {
        long read = results.get(i).get(Stress.times(120), SECONDS);
        if (readers.get(i).lagged) {
          lagged++;
          assertThat(read).isLessThan(count - capacity + 1);
        } else {
          whole++;
          assertThat(read).isEqualTo(count);
        }
      }
    }
    assertThat(lagged).as("readers that lagged, of " + (lagged + whole)).isPositive();
  }
}
