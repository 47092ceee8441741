package dev.agentrooms.webui.room;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/// A progress event as JSON, before a room has given it its place.
///
/// @param json an object that is not empty; nobody changes the array
public record EncodedEvent(String sessionId, String eventId, byte[] json) {

  public static EncodedEvent of(ProgressEvent event) {
    return new EncodedEvent(event.sessionId(), event.eventId(), Json.encode(event));
  }

  /// The event at its place: `type` and `seq` go in front of what the producer said.
  public RoomEvent at(long seq) {
    byte[] front = front(seq);
    byte[] whole = Arrays.copyOf(front, front.length + json.length - 1);
    System.arraycopy(json, 1, whole, front.length, json.length - 1);
    ByteString frame = FrameWriter.text(whole);
    return new RoomEvent(seq, eventId, frame, frame.size() - whole.length);
  }

  static byte[] front(long seq) {
    return ("{\"type\":\"progress\",\"seq\":" + seq + ",").getBytes(US_ASCII);
  }
}
