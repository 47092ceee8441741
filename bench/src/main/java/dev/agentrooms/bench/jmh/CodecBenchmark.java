package dev.agentrooms.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.EncodedEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one event costs on its way through the web UI, apart from moving it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  private final byte[] body =
      ("{\"event_id\":\"e-00000001\",\"ts\":\"2026-01-01T00:00:00.000Z\",\"session_id\":\"room-00001\","
              + "\"step\":\"progress\",\"level\":\"info\",\"message\":\""
              + "x".repeat(66)
              + "\"}")
          .getBytes(UTF_8);
  private final ProgressEvent event = ProgressEvent.from(Json.parseObject(body));
  private final EncodedEvent encoded = EncodedEvent.of(event);
  private long seq;

  /// The body of a publish request, as JSON and then as a checked event.
  @Benchmark
  public ProgressEvent parse() {
    return ProgressEvent.from(Json.parseObject(body));
  }

  @Benchmark
  public Object encode() {
    return EncodedEvent.of(event);
  }

  /// `type` and `seq` in front, and the WebSocket frame around it.
  @Benchmark
  public Object place() {
    return encoded.at(++seq);
  }

  /// The same, compressed: once for all who ask for it so.
  @Benchmark
  public Object deflate() {
    return encoded.at(++seq).deflatedFrame();
  }
}
