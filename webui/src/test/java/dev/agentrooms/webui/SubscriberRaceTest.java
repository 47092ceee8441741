package dev.agentrooms.webui;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A writer and readers on threads of their own: what the park-and-look-again of [Subscriber#poll]
/// is for.
@Timeout(120)
class SubscriberRaceTest {

  private static final int READERS = 3;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /// A holder on its own thread, which sleeps until it is woken.
  private static final class Reader implements Callable<Long> {

    private final Semaphore woken = new Semaphore(0);
    private final Subscriber subscriber = new Subscriber(woken::release);
    private final long last;
    private final int slowness;
    private volatile boolean lagged;

    /// @param slowness the most work between two reads, in turns of a loop
    Reader(History history, long last, int slowness) {
      this.last = last;
      this.slowness = slowness;
      subscriber.begin(history, 1);
    }

    /// Reads up to `last`, or until it has lagged; the last `seq` that it read.
    @Override
    public Long call() throws InterruptedException {
      var random = new SplittableRandom(last);
      long read = 0;
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
          assertThat(woken.tryAcquire(20, SECONDS)).as("woken after " + read).isTrue();
        }
      }
      return read;
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
    int count = Stress.times(200_000);
    var events = events(count);
    var history = new History("k3f9", count);
    var readers = new ArrayList<Reader>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new Reader(history, count, 0));
    }
    var results = start(readers);

    // Pauses of all lengths around the one that a reader takes to park.
    var random = new SplittableRandom(7);
    for (var event : events) {
      history.append(event);
      readers.forEach(reader -> reader.subscriber.wakeUp());
      for (int i = random.nextInt(100); i > 0; i--) {
        Thread.onSpinWait();
      }
    }

    for (var result : results) {
      assertThat(result.get(60, SECONDS)).isEqualTo(count);
    }
  }

  @Test
  void aReaderThatIsOvertakenHasLaggedAndWasShownNothingWrong() throws Exception {
    int rounds = Stress.times(300);
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
        long read = results.get(i).get(60, SECONDS);
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
