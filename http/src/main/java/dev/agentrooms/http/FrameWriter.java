package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/// Encodes the WebSocket frames that a server sends: unfragmented and unmasked, header and payload
/// in one array.
public final class FrameWriter {

  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_DEFLATED_TEXT = 0xc1;
  private static final int FINAL_CLOSE = 0x88;
  private static final int FINAL_PING = 0x89;
  private static final int FINAL_PONG = 0x8a;

  private static final int LONGEST_CONTROL_PAYLOAD = 125;
  private static final int LONGEST_REASON = LONGEST_CONTROL_PAYLOAD - 2;
  private static final byte[] NOTHING = {};

  private FrameWriter() {}

  public static ByteString text(byte[] utf8) {
    return frame(FINAL_TEXT, utf8);
  }

  public static ByteString text(ByteString utf8) {
    return frame(FINAL_TEXT, utf8.toArrayUnsafe());
  }

  /// A text frame of permessage-deflate (RFC 7692, 7.2.1): compressed, without the constant tail
  /// 00 00 ff ff.
  public static ByteString deflated(ByteString utf8) {
    ByteString deflated = Compression.deflate(utf8.toArrayUnsafe());
    return frame(FINAL_DEFLATED_TEXT, deflated.dropRight(4).toArrayUnsafe());
  }

  public static ByteString ping(ByteString payload) {
    return control(FINAL_PING, payload.toArrayUnsafe());
  }

  public static ByteString pong(ByteString payload) {
    return control(FINAL_PONG, payload.toArrayUnsafe());
  }

  /// A close frame; without a code for [Frame.Close#NO_CODE]. A reason that is too long for the
  /// frame is truncated.
  public static ByteString close(int code, String reason) {
    if (code == Frame.Close.NO_CODE) {
      return control(FINAL_CLOSE, NOTHING);
    }
    var utf8 = reason.getBytes(UTF_8);
    int size = utf8.length;
    if (size > LONGEST_REASON) {
      size = LONGEST_REASON;
      while (isContinuation(utf8[size])) {
        size--;
      }
    }
    return control(
        FINAL_CLOSE, ByteBuffer.allocate(2 + size).putChar((char) code).put(utf8, 0, size).array());
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xc0) == 0x80;
  }

  private static ByteString control(int start, byte[] payload) {
    if (payload.length > LONGEST_CONTROL_PAYLOAD) {
      throw new IllegalArgumentException("a control frame of " + payload.length + " bytes");
    }
    return frame(start, payload);
  }

  private static ByteString frame(int start, byte[] payload) {
    int length = payload.length;
    int extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
    var frame = ByteBuffer.allocate(2 + extended + length).put((byte) start);
    switch (extended) {
      case 0 -> frame.put((byte) length);
      case 2 -> frame.put((byte) 126).putChar((char) length);
      default -> frame.put((byte) 127).putLong(length);
    }
    return ByteString.fromArrayUnsafe(frame.put(payload).array());
  }
}
