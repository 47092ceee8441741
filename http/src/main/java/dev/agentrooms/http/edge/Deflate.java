package dev.agentrooms.http.edge;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses messages of permessage-deflate (RFC 7692), each for itself: without context
/// takeover, one decompressor serves all sockets of a thread.
final class Deflate {

  private static final ThreadLocal<Inflater> INFLATER =
      ThreadLocal.withInitial(() -> new Inflater(true));
  // What the sender leaves out at the end of each message.
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
  // A last block without content. It is one only where the message ends with a whole block.
  private static final byte[] LAST_BLOCK = {3, 0};
  private static final int STEP_BYTES = 4096;

  private Deflate() {}

  sealed interface Inflated {
    record Whole(byte[] bytes) implements Inflated {}

    enum TooLong implements Inflated {
      INSTANCE
    }

    enum Malformed implements Inflated {
      INSTANCE
    }
  }

  /// @param maxBytes no more than this is ever unpacked
  static Inflated inflate(byte[] message, int maxBytes) {
    Inflater inflater = INFLATER.get();
    inflater.reset();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] step = new byte[STEP_BYTES];
    try {
      for (byte[] part : new byte[][] {message, TAIL, LAST_BLOCK}) {
        inflater.setInput(part);
        for (int size = inflater.inflate(step); size > 0; size = inflater.inflate(step)) {
          plain.write(step, 0, size);
          if (plain.size() > maxBytes) {
            return Inflated.TooLong.INSTANCE;
          }
        }
        if (inflater.finished() || inflater.needsDictionary()) {
          break;
        }
      }
      return inflater.finished()
          ? new Inflated.Whole(plain.toByteArray())
          : Inflated.Malformed.INSTANCE;
    } catch (DataFormatException e) {
      return Inflated.Malformed.INSTANCE;
    }
  }
}
