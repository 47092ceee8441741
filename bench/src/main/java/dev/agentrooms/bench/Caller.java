package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/// One kept-alive HTTP connection with at most one request under way.
final class Caller {

  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final int UNKNOWN = -1;

  private final SocketChannel channel;
  private final ByteBuffer out = ByteBuffer.allocateDirect(4096);
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private long dueAt;
  private boolean isBusy;
  private int whole = UNKNOWN;
  private int failures;

  private Caller(SocketChannel channel) {
    this.channel = channel;
  }

  static Caller connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.configureBlocking(false);
    return new Caller(channel);
  }

  SocketChannel channel() {
    return channel;
  }

  boolean isBusy() {
    return isBusy;
  }

  long dueAt() {
    return dueAt;
  }

  /// How many answers were not 2xx.
  int failures() {
    return failures;
  }

  void send(Request request, int number, long due) throws IOException {
    out.clear();
    request.render(number, out);
    out.flip();
    dueAt = due;
    isBusy = true;
    whole = UNKNOWN;
    in.clear();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /// Reads what is there.
  ///
  /// @return whether the answer is complete now
  boolean read() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server closed a connection: " + text(in.position()));
    }
    if (!isBusy) {
      return false;
    }
    if (whole == UNKNOWN) {
      for (int i = 0; i + 4 <= in.position(); i++) {
        if (in.getInt(i) == END_OF_HEAD) {
          whole = i + 4 + contentLength(i + 4);
          break;
        }
      }
    }
    if (whole == UNKNOWN || in.position() < whole) {
      return false;
    }
    if (in.get(9) != '2') {
      failures++;
    }
    isBusy = false;
    return true;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is as closed as it can be.
    }
  }

  private int contentLength(int head) {
    int length = 0;
    for (int i = 0; i + 18 <= head; i++) {
      // Unique enough: "Content-Length" is the only header that has this L behind a hyphen.
      if (in.get(i) == '\n'
          && (in.get(i + 1) | 0x20) == 'c'
          && in.get(i + 8) == '-'
          && (in.get(i + 9) | 0x20) == 'l') {
        for (int at = i + 16; in.get(at) != '\r'; at++) {
          byte digit = in.get(at);
          if (digit >= '0' && digit <= '9') {
            length = 10 * length + digit - '0';
          }
        }
        return length;
      }
    }
    throw new IllegalStateException(
        "an answer without a length: " + text(head).toLowerCase(Locale.ROOT));
  }

  private String text(int end) {
    byte[] head = new byte[end];
    in.get(0, head);
    return new String(head, ISO_8859_1);
  }
}
