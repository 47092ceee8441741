package dev.agentrooms.bench;

import java.nio.ByteBuffer;
import java.util.Locale;

/// An HTTP request that was rendered before the load began.
interface Request {

  static String room(int number) {
    return String.format(Locale.ROOT, "room-%05d", number);
  }

  /// Puts the request into `out`.
  ///
  /// @param number which one of all it is
  void render(int number, ByteBuffer out);

  /// How much room it needs.
  default int maxBytes() {
    return 4 * 1024;
  }

  /// A request as it goes over the wire.
  ///
  /// @param body JSON of ASCII characters alone
  static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\n"
        + "Host: 127.0.0.1\r\n"
        + "Content-Type: application/json\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
