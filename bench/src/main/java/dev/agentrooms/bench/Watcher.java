package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One WebSocket that counts the events it gets. It allocates nothing once it is open: frames are
/// parsed in place, and only an incomplete one is kept for the next read.
final class Watcher {

  private static final byte[] NOTHING = {};
  private static final int COMPRESSED = 0x40;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int END_OF_HEAD = 0x0d0a0d0a;
  // Of a larger frame only the end is looked at, where the number of its event is.
  private static final int LARGE = 256 * 1024;
  private static final int LOOKED_AT = 1024;

  /// Each message by itself, so that any can be read without those before it.
  private static final String DEFLATE =
      "Sec-WebSocket-Extensions: permessage-deflate;"
          + " server_no_context_takeover; client_no_context_takeover\r\n";

  /// Who is told of each text message. It must not move the buffer's position.
  interface Sink {
    void onText(Watcher watcher, ByteBuffer in, int from, int end, long now);

    /// A text message that is compressed, which only events are.
    void onDeflated(Watcher watcher, ByteBuffer in, int from, int end, long now);
  }

  private final Link link;
  private final byte[] hello;
  private final byte @Nullable [] afterUpgrade;
  private byte[] kept = NOTHING;
  private int keptSize;
  private int skipped;
  private boolean isWithinLarge;
  private volatile boolean isOpen;
  private volatile boolean isIn;
  private volatile boolean isClosed;
  private final int room;
  private volatile int events;

  private Watcher(Link link, int room, byte[] hello, byte @Nullable [] afterUpgrade) {
    this.room = room;
    this.link = link;
    this.hello = hello;
    this.afterUpgrade = afterUpgrade;
  }

  /// On a connection, and says nothing yet.
  ///
  /// @param replay whether it wants all that the room retains
  /// @param deflates whether it asks for permessage-deflate
  static Watcher on(Link link, Running running, int number, boolean replay, boolean deflates) {
    InetSocketAddress address = running.address();
    String room = Request.room(number);
    String path = running.server().socketPath(room, replay);
    String upgrade =
        "GET "
            + path
            + " HTTP/1.1\r\n"
            + "Host: 127.0.0.1:"
            + address.getPort()
            + "\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\n"
            + (deflates ? DEFLATE : "")
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    String command = running.server().subscribe(room, replay);
    return new Watcher(
        link,
        number,
        upgrade.getBytes(US_ASCII),
        command == null ? null : masked(0x81, command.getBytes(US_ASCII)));
  }

  Link link() {
    return link;
  }

  /// Asks for the upgrade.
  void begin() throws IOException {
    link.write(ByteBuffer.wrap(hello));
  }

  boolean isOpen() {
    return isOpen;
  }

  /// Whether it is in its room: once it is open, or once it has been answered, where it had to ask.
  boolean isIn() {
    return isIn;
  }

  boolean isClosed() {
    return isClosed;
  }

  int events() {
    return events;
  }

  /// The number of its room.
  int room() {
    return room;
  }

  /// Called by the one who reads.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void sawEvent() {
    events++;
  }

  /// Reads what is there.
  ///
  /// @param buffer for everybody's use, with a backing of any kind
  void read(ByteBuffer buffer, Sink sink) {
    try {
      buffer.clear();
      buffer.put(kept, 0, keptSize);
      int count = link.read(buffer);
      if (count < 0) {
        close();
        return;
      }
      long now = System.nanoTime();
      buffer.flip();
      if (!isOpen) {
        readUpgrade(buffer);
      }
      while (isOpen && readFrame(buffer, now, sink)) {}
      keep(buffer);
    } catch (IOException e) {
      close();
    }
  }

  void close() {
    isClosed = true;
    link.close();
  }

  private void readUpgrade(ByteBuffer in) throws IOException {
    for (int i = in.position(); i + 4 <= in.limit(); i++) {
      if (in.getInt(i) == END_OF_HEAD) {
        if (in.get(in.position() + 9) != '1') {
          byte[] head = new byte[i - in.position()];
          in.get(head);
          throw new IllegalStateException("no upgrade: " + new String(head, ISO_8859_1));
        }
        in.position(i + 4);
        isOpen = true;
        isIn = afterUpgrade == null;
        if (afterUpgrade != null) {
          link.write(ByteBuffer.wrap(afterUpgrade));
        }
        return;
      }
    }
  }

  private boolean readFrame(ByteBuffer in, long now, Sink sink) throws IOException {
    if (isWithinLarge) {
      return readLarge(in, now, sink);
    }
    int at = in.position();
    if (in.remaining() < 2) {
      return false;
    }
    int opcode = in.get(at) & 15;
    int shortLength = in.get(at + 1) & 127;
    int header = shortLength == 126 ? 4 : shortLength == 127 ? 10 : 2;
    if (in.remaining() < header) {
      return false;
    }
    int length =
        switch (shortLength) {
          case 126 -> in.getChar(at + 2);
          case 127 -> (int) in.getLong(at + 2);
          default -> shortLength;
        };
    if (length > LARGE) {
      in.position(at + header);
      skipped = length - LOOKED_AT;
      isWithinLarge = true;
      return readLarge(in, now, sink);
    }
    int end = at + header + length;
    if (in.limit() < end) {
      return false;
    }
    in.position(end);
    if (opcode < CLOSE) {
      isIn = true;
      if ((in.get(at) & COMPRESSED) == 0) {
        sink.onText(this, in, at + header, end, now);
      } else {
        sink.onDeflated(this, in, at + header, end, now);
      }
    } else if (opcode == PING) {
      byte[] payload = new byte[length];
      in.get(at + header, payload);
      link.write(ByteBuffer.wrap(masked(0x8a, payload)));
    } else if (opcode == CLOSE) {
      close();
      return false;
    }
    return true;
  }

  private boolean readLarge(ByteBuffer in, long now, Sink sink) {
    int some = Math.min(skipped, in.remaining());
    in.position(in.position() + some);
    skipped -= some;
    if (in.remaining() < LOOKED_AT) {
      return false;
    }
    int from = in.position();
    in.position(from + LOOKED_AT);
    isWithinLarge = false;
    isIn = true;
    sink.onText(this, in, from, from + LOOKED_AT, now);
    return true;
  }

  private void keep(ByteBuffer in) {
    keptSize = in.remaining();
    if (keptSize > kept.length) {
      kept = new byte[Math.max(keptSize, 1024)];
    }
    in.get(kept, 0, keptSize);
  }

  /// With a mask of zeros, which is a mask.
  private static byte[] masked(int start, byte[] payload) {
    int extended = payload.length < 126 ? 0 : 2;
    ByteBuffer frame = ByteBuffer.allocate(2 + extended + 4 + payload.length).put((byte) start);
    if (extended == 0) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putChar((char) payload.length);
    }
    return frame.putInt(0).put(payload).array();
  }
}
