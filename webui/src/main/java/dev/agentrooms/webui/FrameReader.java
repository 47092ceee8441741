package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.webui.Frame.Binary;
import dev.agentrooms.webui.Frame.Close;
import dev.agentrooms.webui.Frame.Ping;
import dev.agentrooms.webui.Frame.Pong;
import dev.agentrooms.webui.Frame.Text;
import dev.agentrooms.webui.Frame.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one WebSocket client (RFC 6455), however its bytes were cut.
///
/// What it holds is bounded by the message limit and one control frame, and grows with what has
/// arrived: an announced length reserves nothing, an empty fragment costs nothing.
final class FrameReader {

  private static final int NO_MESSAGE = -1;
  private static final int LONGEST_CONTROL_PAYLOAD = 125;

  private final int maxMessageBytes;
  private boolean finished;

  private final FrameHeader header = new FrameHeader();
  private boolean inPayload;
  private int length;
  private int arrived;
  private final Payload control = new Payload();

  private int messageOpcode = NO_MESSAGE;
  private int messageSize;
  private final Payload text = new Payload();
  private final Utf8 utf8 = new Utf8();

  FrameReader(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /// What these bytes complete, in order. After a close or a violation: nothing, whatever comes.
  List<Frame> read(ByteString bytes) {
    if (finished) {
      return List.of();
    }
    var in = ByteBuffer.wrap(bytes.toArrayUnsafe());
    var frames = new ArrayList<Frame>(2);
    while (!finished) {
      var frame = next(in);
      if (frame == null) {
        break;
      }
      frames.add(frame);
      finished = frame instanceof Close || frame instanceof Violation;
    }
    return frames;
  }

  /// The next frame; null when it takes more bytes than there are.
  private @Nullable Frame next(ByteBuffer in) {
    while (true) {
      if (!inPayload) {
        if (!header.fillStart(in)) {
          return null;
        }
        var violation = checkStart();
        if (violation != null) {
          return violation;
        }
        if (!header.fillRest(in)) {
          return null;
        }
        violation = checkLength();
        if (violation != null) {
          return violation;
        }
        beginPayload();
      }
      if (!fillPayload(in)) {
        return new Violation(Violation.NOT_UTF8, "a text message must be UTF-8");
      }
      if (arrived < length) {
        return null;
      }
      var frame = endFrame();
      if (frame != null) {
        return frame;
      }
    }
  }

  /// Judges the first two bytes alone: the rest of a header that breaks a rule may never come.
  private @Nullable Violation checkStart() {
    if (header.hasReservedBits()) {
      return protocolError("no extension was negotiated, so the reserved bits must be 0");
    }
    if (!header.isMasked()) {
      return protocolError("a client must mask its frames");
    }
    return switch (header.opcode()) {
      case FrameHeader.CONTINUATION ->
          messageOpcode == NO_MESSAGE ? protocolError("there is no message to continue") : null;
      case FrameHeader.TEXT, FrameHeader.BINARY ->
          messageOpcode == NO_MESSAGE ? null : protocolError("the message before is not complete");
      case FrameHeader.CLOSE, FrameHeader.PING, FrameHeader.PONG ->
          header.isFinal() && header.shortLength() <= LONGEST_CONTROL_PAYLOAD
              ? null
              : protocolError("a control frame must be whole and have at most 125 bytes");
      default -> protocolError("opcode " + header.opcode() + " is reserved");
    };
  }

  private @Nullable Violation checkLength() {
    if (!header.hasShortestLength()) {
      return protocolError("a length must take its shortest form");
    }
    if (!header.isControl()
        && (header.length() < 0 || header.length() > maxMessageBytes - messageSize)) {
      return new Violation(
          Violation.TOO_BIG, "a message may have at most " + maxMessageBytes + " bytes");
    }
    return null;
  }

  private void beginPayload() {
    inPayload = true;
    arrived = 0;
    length = (int) header.length();
    if (!header.isControl()) {
      messageSize += length;
      if (header.opcode() != FrameHeader.CONTINUATION) {
        messageOpcode = header.opcode();
      }
    }
  }

  /// Takes what has arrived of the payload; false when it cannot become UTF-8 any more.
  private boolean fillPayload(ByteBuffer in) {
    int count = Math.min(in.remaining(), length - arrived);
    var valid = true;
    if (header.isControl()) {
      control.append(in, count, header.mask(), arrived);
    } else if (messageOpcode == FrameHeader.TEXT) {
      int from = text.size;
      text.append(in, count, header.mask(), arrived);
      valid = utf8.accept(text.bytes, from, text.size);
    }
    in.position(in.position() + count);
    arrived += count;
    return valid;
  }

  /// The frame that is complete now; null for a fragment with more to come.
  private @Nullable Frame endFrame() {
    inPayload = false;
    var frame =
        switch (header.opcode()) {
          case FrameHeader.CLOSE -> close(control.take());
          case FrameHeader.PING -> new Ping(control.take());
          case FrameHeader.PONG -> new Pong(control.take());
          default -> header.isFinal() ? endMessage() : null;
        };
    header.clear();
    return frame;
  }

  private Frame endMessage() {
    Frame message;
    if (messageOpcode == FrameHeader.BINARY) {
      message = new Binary(messageSize);
    } else if (utf8.isComplete()) {
      message = new Text(text.take());
    } else {
      message = new Violation(Violation.NOT_UTF8, "a text message must not end within a character");
    }
    messageOpcode = NO_MESSAGE;
    messageSize = 0;
    return message;
  }

  private static Frame close(ByteString payload) {
    if (payload.isEmpty()) {
      return new Close(Close.NO_CODE, "");
    }
    if (payload.size() == 1) {
      return protocolError("a close code has two bytes");
    }
    var bytes = payload.toArrayUnsafe();
    int code = ByteBuffer.wrap(bytes).getChar();
    if (!Close.isSendable(code)) {
      return protocolError("close code " + code + " is not for the wire");
    }
    var utf8 = new Utf8();
    return utf8.accept(bytes, 2, bytes.length) && utf8.isComplete()
        ? new Close(code, new String(bytes, 2, bytes.length - 2, UTF_8))
        : new Violation(Violation.NOT_UTF8, "a close reason must be UTF-8");
  }

  private static Violation protocolError(String reason) {
    return new Violation(Violation.PROTOCOL_ERROR, reason);
  }

  /// Bytes in the making. What comes in one piece is kept, and handed out, in an array of its size.
  private static final class Payload {

    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private int size;

    /// Unmasks the next `count` bytes of a frame, of which `arrived` came before.
    void append(ByteBuffer in, int count, int mask, int arrived) {
      if (size + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + count, size + size / 2));
      }
      byte[] masked = in.array();
      int from = in.position();
      for (int i = 0; i < count; i++) {
        int shift = 24 - 8 * ((arrived + i) & 3);
        bytes[size + i] = (byte) (masked[from + i] ^ (mask >>> shift));
      }
      size += count;
    }

    ByteString take() {
      var exact = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
      bytes = EMPTY;
      size = 0;
      return ByteString.fromArrayUnsafe(exact);
    }
  }
}
