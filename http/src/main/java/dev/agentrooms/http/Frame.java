package dev.agentrooms.http;

import org.apache.pekko.util.ByteString;

/// Something received on a WebSocket: a whole message, a control frame, or a protocol violation.
public sealed interface Frame {

  /// A text message as its bytes, which are valid UTF-8, because JSON is parsed from bytes.
  record Text(ByteString utf8) implements Frame {}

  /// A binary message; only its size is kept.
  record Binary(int size) implements Frame {}

  record Ping(ByteString payload) implements Frame {}

  enum Pong implements Frame {
    INSTANCE
  }

  /// The peer's close frame. No frame follows.
  record Close(int code, String reason) implements Frame {

    /// Stands for a close without a code (1005). Never on the wire.
    public static final int NO_CODE = 1005;
  }

  /// A protocol violation: the socket must be closed with this code. No frame follows.
  record Violation(int code, String reason) implements Frame {}
}
