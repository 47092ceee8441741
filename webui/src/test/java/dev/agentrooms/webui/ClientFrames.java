package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/// Renders what a WebSocket client sends, rules kept or broken.
final class ClientFrames {

  static final int FIN = 0x80;
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int MASK = 0x1234abcd;

  private ClientFrames() {}

  static ByteString text(String text) {
    return frame(FIN | TEXT, text.getBytes(UTF_8));
  }

  static ByteString close(int code, String reason) {
    var utf8 = reason.getBytes(UTF_8);
    return frame(
        FIN | CLOSE, ByteBuffer.allocate(2 + utf8.length).putChar((char) code).put(utf8).array());
  }

  static ByteString frame(int firstByte, byte[] payload) {
    return frame(firstByte, payload, MASK);
  }

  static ByteString frame(int firstByte, byte[] payload, int mask) {
    var masked = payload.clone();
    var key = ByteBuffer.allocate(4).putInt(mask).array();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= key[i % 4];
    }
    return header(firstByte, payload.length, mask).concat(ByteString.fromArray(masked));
  }

  static ByteString header(int firstByte, long length, int mask) {
    int form = length < 0 || length > 0xffff ? 127 : length > 125 ? 126 : (int) length;
    return header(firstByte, form, length, mask);
  }

  /// A header whose length takes the given form: itself, 126 (two bytes) or 127 (eight).
  static ByteString header(int firstByte, int form, long length, int mask) {
    var bytes = ByteBuffer.allocate(14).put((byte) firstByte).put((byte) (0x80 | form));
    switch (form) {
      case 126 -> bytes.putChar((char) length);
      case 127 -> bytes.putLong(length);
      default -> {}
    }
    return ByteString.fromByteBuffer(bytes.putInt(mask).flip());
  }

  static ByteString bytes(int... bytes) {
    return ByteString.fromInts(bytes);
  }
}
