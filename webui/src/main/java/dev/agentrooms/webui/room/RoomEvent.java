package dev.agentrooms.webui.room;

import dev.agentrooms.http.Compression;
import dev.agentrooms.http.FrameWriter;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// One event of a room, or a piece of a draft, rendered once for everybody who will ever see it;
/// compressed once, too, when the first comes who wants it so.
public final class RoomEvent {

  // Not worth a watcher's time.
  private static final int MIN_DEFLATED_BYTES = 256;

  private final long seq;
  private final String eventId;
  private final ByteString frame;
  private final int headerSize;
  private @Nullable ByteString deflatedFrame;
  private @Nullable ByteString deflatedText;

  /// @param frame the whole WebSocket frame; its payload is the event's JSON
  /// @param headerSize how many bytes of the frame come before the JSON
  RoomEvent(long seq, String eventId, ByteString frame, int headerSize) {
    this.seq = seq;
    this.eventId = eventId;
    this.frame = frame;
    this.headerSize = headerSize;
  }

  /// A piece of a draft, which has no place among the events.
  static RoomEvent ofDraft(ByteString frame, int headerSize) {
    return new RoomEvent(0, "", frame, headerSize);
  }

  /// 0 for a piece of a draft.
  public long seq() {
    return seq;
  }

  public boolean isDelta() {
    return seq == 0;
  }

  String eventId() {
    return eventId;
  }

  /// The event as it was before it had its place.
  EncodedEvent encoded(String sessionId) {
    byte[] json = json().drop(EncodedEvent.front(seq).length - 1).toArray();
    json[0] = '{';
    return new EncodedEvent(sessionId, eventId, json);
  }

  public ByteString frame() {
    return frame;
  }

  /// `{"type":"progress","seq":18,…}` in UTF-8.
  public ByteString json() {
    return frame.drop(headerSize);
  }

  /// The frame for a socket of permessage-deflate.
  public synchronized ByteString deflatedFrame() {
    ByteString deflated = deflatedFrame;
    if (deflated == null) {
      ByteString json = json();
      deflated = json.size() < MIN_DEFLATED_BYTES ? frame : FrameWriter.deflated(json);
      deflatedFrame = deflated;
    }
    return deflated;
  }

  /// @param text the event as an event stream has it, which is the same for all streams
  public synchronized ByteString deflated(ByteString text) {
    ByteString deflated = deflatedText;
    if (deflated == null) {
      deflated = Compression.deflate(text.toArrayUnsafe());
      deflatedText = deflated;
    }
    return deflated;
  }
}
