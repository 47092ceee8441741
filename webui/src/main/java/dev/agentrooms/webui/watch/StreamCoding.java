package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Compression;
import dev.agentrooms.webui.room.RoomEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.apache.pekko.util.ByteString;

/// How the text of one event stream is sent.
sealed interface StreamCoding {

  /// What comes before the text.
  ByteString begin();

  ByteString text(ByteString text);

  /// @param text the event as all its readers get it
  ByteString event(RoomEvent event, ByteString text);

  /// What comes after the text.
  ByteString end();

  static StreamCoding of(boolean gzip) {
    return gzip ? new Gzip() : Plain.INSTANCE;
  }

  enum Plain implements StreamCoding {
    INSTANCE;

    @Override
    public ByteString begin() {
      return ByteString.emptyByteString();
    }

    @Override
    public ByteString text(ByteString text) {
      return text;
    }

    @Override
    public ByteString event(RoomEvent event, ByteString text) {
      return text;
    }

    @Override
    public ByteString end() {
      return ByteString.emptyByteString();
    }
  }

  /// One gzip member (RFC 1952) of blocks that are compressed each for itself, and flushed, so that
  /// an event is read as soon as it is there. Only the checksum is this stream's own.
  final class Gzip implements StreamCoding {

    private static final ByteString HEADER =
        ByteString.fromArray(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});

    private final CRC32 crc = new CRC32();
    private long size;

    @Override
    public ByteString begin() {
      return HEADER;
    }

    @Override
    public ByteString text(ByteString text) {
      count(text);
      return Compression.deflate(text.toArrayUnsafe());
    }

    @Override
    public ByteString event(RoomEvent event, ByteString text) {
      count(text);
      return event.deflated(text);
    }

    @Override
    public ByteString end() {
      // An empty last block, the checksum, and the size.
      return ByteString.fromByteBuffer(
          ByteBuffer.allocate(10)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put((byte) 3)
              .put((byte) 0)
              .putInt((int) crc.getValue())
              .putInt((int) size)
              .flip());
    }

    private void count(ByteString text) {
      byte[] bytes = text.toArrayUnsafe();
      crc.update(bytes);
      size += bytes.length;
    }
  }
}
