package dev.agentrooms.webui;

import java.nio.ByteBuffer;

/// The header of a client's frame, filled as its bytes arrive.
final class FrameHeader {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int START_SIZE = 2;
  private static final int MASK_SIZE = 4;
  private static final int LONGEST = 14;

  private final ByteBuffer bytes = ByteBuffer.allocate(LONGEST);

  /// Takes the first two bytes, which say how long the header is; false until they have arrived.
  boolean fillStart(ByteBuffer in) {
    return fill(in, START_SIZE);
  }

  /// Takes the whole of a header whose start is there; false until it has arrived.
  boolean fillRest(ByteBuffer in) {
    return fill(in, maskAt() + MASK_SIZE);
  }

  void clear() {
    bytes.clear();
  }

  boolean isFinal() {
    return (bytes.get(0) & 0x80) != 0;
  }

  boolean hasReservedBits() {
    return (bytes.get(0) & 0x70) != 0;
  }

  int opcode() {
    return bytes.get(0) & 0x0f;
  }

  boolean isControl() {
    return opcode() >= CLOSE;
  }

  boolean isMasked() {
    return (bytes.get(1) & 0x80) != 0;
  }

  /// The first byte of the mask on top, as on the wire.
  int mask() {
    return bytes.getInt(maskAt());
  }

  /// The length itself up to 125, otherwise the form it takes.
  int shortLength() {
    return bytes.get(1) & 0x7f;
  }

  /// Negative when its top bit is set: it is unsigned on the wire.
  long length() {
    return switch (shortLength()) {
      case 126 -> bytes.getChar(START_SIZE);
      case 127 -> bytes.getLong(START_SIZE);
      default -> shortLength();
    };
  }

  boolean hasShortestLength() {
    return switch (shortLength()) {
      case 126 -> length() > 125;
      case 127 -> length() < 0 || length() > 0xffff;
      default -> true;
    };
  }

  private int maskAt() {
    return START_SIZE
        + switch (shortLength()) {
          case 126 -> 2;
          case 127 -> 8;
          default -> 0;
        };
  }

  private boolean fill(ByteBuffer in, int size) {
    while (bytes.position() < size && in.hasRemaining()) {
      bytes.put(in.get());
    }
    return bytes.position() >= size;
  }
}
