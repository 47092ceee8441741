package dev.agentrooms.webui;

import org.apache.pekko.util.ByteString;

/// One event of a room, encoded once for everybody who will ever see it.
///
/// @param frame the whole WebSocket frame; its payload is the event's JSON
/// @param headerSize how many bytes of the frame come before the JSON
record RoomEvent(long seq, String eventId, ByteString frame, int headerSize) {

  /// `{"type":"progress","seq":18,…}` in UTF-8.
  ByteString json() {
    return frame.drop(headerSize);
  }
}
