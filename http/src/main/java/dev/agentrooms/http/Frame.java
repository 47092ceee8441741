package dev.agentrooms.http;

import org.apache.pekko.util.ByteString;

/// What a WebSocket peer sent: whole messages, control frames, or the rule that it broke.
public sealed interface Frame {

  /// A text message. It stays as bytes, known to be UTF-8, because JSON is parsed from bytes.
  record Text(ByteString utf8) implements Frame {}

  /// A binary message, of which only the size is kept.
  record Binary(int size) implements Frame {}

  record Ping(ByteString payload) implements Frame {}

  enum Pong implements Frame {
    INSTANCE
  }

  /// The peer closes. No frame follows.
  record Close(int code, String reason) implements Frame {

    /// The peer gave no code. It is never on the wire.
    public static final int NO_CODE = 1005;
  }

  /// The peer broke a rule: close with this code. No frame follows.
  record Violation(int code, String reason) implements Frame {}
}
