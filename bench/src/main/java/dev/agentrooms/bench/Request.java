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
}
