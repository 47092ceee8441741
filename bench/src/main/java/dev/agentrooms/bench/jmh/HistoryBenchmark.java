package dev.agentrooms.bench.jmh;

import dev.agentrooms.webui.room.EncodedEvent;
import dev.agentrooms.webui.room.History;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.RoomEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a room's memory costs its writer and its readers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HistoryBenchmark {

  private static final int SIZE = 200;
  private final History history = new History("k3f9", SIZE);
  // Enough that none is there already when it comes again.
  private final List<EncodedEvent> events =
      IntStream.range(0, 2 * SIZE).mapToObj(HistoryBenchmark::event).toList();
  private int next;

  @Setup
  public void fill() {
    for (int i = 0; i < SIZE; i++) {
      append();
    }
  }

  /// The look whether it is there already, and its frame, included.
  @Benchmark
  public boolean append() {
    EncodedEvent event = events.get(next++ % events.size());
    return history.seqOf(event.eventId()) == 0 && history.append(event);
  }

  /// One that comes late reads all there is.
  @Benchmark
  public long replay() {
    long seq = history.startAt(new Position(history.last() - SIZE, null)).next();
    long bytes = 0;
    for (RoomEvent next = history.get(seq); next != null; next = history.get(++seq)) {
      bytes += next.frame().size();
    }
    return bytes;
  }

  @Benchmark
  public Object page() {
    return history.retained(0, SIZE);
  }

  private static EncodedEvent event(int number) {
    byte[] json = ("{\"message\":\"" + "x".repeat(180) + "\"}").getBytes(StandardCharsets.UTF_8);
    return new EncodedEvent("room-00001", "e-" + number, json);
  }
}
