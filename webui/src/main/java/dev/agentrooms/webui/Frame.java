package dev.agentrooms.webui;

import org.apache.pekko.util.ByteString;

/// What a WebSocket peer sent: whole messages, control frames, or the rule it broke.
sealed interface Frame {

  /// A text message. It stays as bytes, known to be UTF-8, because JSON is parsed from bytes.
  record Text(ByteString utf8) implements Frame {}

  /// A binary message. Nobody reads one here, so only its size is kept.
  record Binary(int size) implements Frame {}

  record Ping(ByteString payload) implements Frame {}

  record Pong(ByteString payload) implements Frame {}

  /// The peer closes; the reader reads nothing after it.
  record Close(int code, String reason) implements Frame {

    /// The peer gave no code. It is never on the wire.
    static final int NO_CODE = 1005;

    /// Whether a close frame may carry this code (RFC 6455, 7.4, with IANA's later registrations).
    static boolean isSendable(int code) {
      return (code >= 1000 && code <= 1003)
          || (code >= 1007 && code <= 1014)
          || (code >= 3000 && code <= 4999);
    }
  }

  /// The peer broke a rule: close with this code. The reader reads nothing after it.
  record Violation(int code, String reason) implements Frame {

    static final int PROTOCOL_ERROR = 1002;
    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;
  }
}
