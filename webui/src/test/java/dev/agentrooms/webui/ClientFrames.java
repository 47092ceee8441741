package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/// Renders what a WebSocket client sends, rules kept or broken.
public final class ClientFrames {

  public static final int FIN = 0x80;
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int MASK = 0x1234abcd;

  private ClientFrames() {}

  public static ByteString text(String text) {
    return frame(FIN | TEXT, text.getBytes(UTF_8));
  }

  public static ByteString close(int code, String reason) {
    var utf8 = reason.getBytes(UTF_8);
    return frame(
        FIN | CLOSE, ByteBuffer.allocate(2 + utf8.length).putChar((char) code).put(utf8).array());
  }

  public static ByteString frame(int firstByte, byte[] payload) {
    return frame(firstByte, payload, MASK);
  }

  public static ByteString frame(int firstByte, byte[] payload, int mask) {
    var masked = payload.clone();
    var key = ByteBuffer.allocate(4).putInt(mask).array();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= key[i % 4];
    }
    return header(firstByte, payload.length, mask).concat(ByteString.fromArray(masked));
  }

  public static ByteString header(int firstByte, long length, int mask) {
    int form = length < 0 || length > 0xffff ? 127 : length > 125 ? 126 : (int) length;
    return header(firstByte, form, length, mask);
  }

  /// A header whose length takes the given form: itself, 126 (two bytes) or 127 (eight).
  public static ByteString header(int firstByte, int form, long length, int mask) {
    var bytes = ByteBuffer.allocate(14).put((byte) firstByte).put((byte) (0x80 | form));
    switch (form) {
      case 126 -> bytes.putChar((char) length);
      case 127 -> bytes.putLong(length);
      default -> {}
    }
    return ByteString.fromByteBuffer(bytes.putInt(mask).flip());
  }

  public static ByteString bytes(int... bytes) {
    return ByteString.fromInts(bytes);
  }
}
