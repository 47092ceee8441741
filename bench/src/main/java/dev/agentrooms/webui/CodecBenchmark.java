package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
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
  private final ByteString command =
      masked(
          "{\"cmd\":\"subscribe\",\"session_id\":\"room-00001\",\"after\":17,\"epoch\":\"k3f9\"}");
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

  /// A frame of a client, by a reader that has seen none before.
  @Benchmark
  public List<?> readFrame() {
    return new FrameReader(RoomSocket.MAX_MESSAGE_BYTES).read(command);
  }

  private static ByteString masked(String text) {
    byte[] payload = text.getBytes(US_ASCII);
    int mask = 0x12345678;
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) 0x81).put((byte) (0x80 | payload.length)).putInt(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3)))));
    }
    return ByteString.fromArray(frame.array());
  }
}
