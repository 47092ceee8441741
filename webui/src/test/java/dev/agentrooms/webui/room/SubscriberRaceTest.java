package dev.agentrooms.webui.room;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.Stress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

  @Test
  void textIsReadWholeBeforeTheEventThatEndsItWhileItIsBeingWritten() throws Exception {
    int rounds = Stress.times(300);
    for (int round = 0; round < rounds; round++) {
      var history = new History("k3f9", 100);
      var audience =
          new Audience(
              history,
              new RoomMetrics(new SimpleMeterRegistry()),
              new LastUse(() -> 0),
              command -> {});
      append(audience, history, "start_draft");
      int joinAt = round % 40;
      StringBuilder whole = new StringBuilder();
      Future<String> first = threads.submit(new TextReader(audience));
      Future<String> late = null;
      for (int i = 0; i < 40; i++) {
        String piece = "" + (char) ('a' + i % 26) + i % 10;
        audience.wrote(new Delta("quiz1", "r-1", "draft", whole.length(), piece));
        whole.append(piece);
        if (i == joinAt) {
          late = threads.submit(new TextReader(audience));
        }
      }
      append(audience, history, "draft_done");
      append(audience, history, "final_answer");

      for (Future<String> reader : List.of(first, Objects.requireNonNull(late))) {
        assertThat(reader.get(60, SECONDS)).isIn(whole.toString(), "");
      }
    }
  }

  private static void append(Audience audience, History history, String step) {
    var event =
        EncodedEvent.of(
            new ProgressEvent(
                step, Instant.EPOCH, "quiz1", "r-1", step, null, Level.INFO, null, null));
    audience.appending(history.last() + 1, event);
    history.append(event);
    audience.appended(() -> {});
  }

  /// Reads to the end of the run. Text is whole, or was over before this one came.
  private static final class TextReader implements Callable<String> {

    private final Audience audience;
    private final Subscriber subscriber = new Subscriber(Loop.NONE, () -> woken());
    private volatile boolean woken;

    TextReader(Audience audience) {
      this.audience = audience;
    }

    private void woken() {
      woken = true;
    }

    @Override
    public String call() {
      StringBuilder text = new StringBuilder();
      audience.join(subscriber, new Position(0, null));
      boolean isDone = false;
      while (true) {
        RoomEvent event = subscriber.poll();
        if (event == null) {
          for (int i = 1; !woken; i++) {
            spin(i);
          }
          woken = false;
        } else if (event.isDelta()) {
          assertThat(isDone).isFalse();
          assertThat(TestEvents.json(event).path("offset").asInt()).isEqualTo(text.length());
          text.append(TestEvents.json(event).path("text").asText());
        } else {
          isDone |= event.eventId().equals("draft_done");
          if (event.eventId().equals("final_answer")) {
            return text.toString();
          }
        }
      }
    }
  }
}
