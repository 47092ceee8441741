package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.LongConsumer;

/// A keep-alive HTTP connection with pipelined requests, which are answered in order.
final class Caller {

  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final int UNKNOWN = -1;

  private final Link link;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocateDirect(128 * 1024);
  private final long[] dueAt;
  private int oldest;
  private int underWay;
  private int looked;
  private int whole = UNKNOWN;
  private int failures;

  /// @param ahead the number of requests in flight
  /// @param maxBytes of a request
  Caller(Link link, int ahead, int maxBytes) {
    this.link = link;
    this.out = ByteBuffer.allocateDirect(Math.max(64 * 1024, ahead * maxBytes));
    this.dueAt = new long[ahead];
  }

  Link link() {
    return link;
  }

  boolean isIdle() {
    return underWay == 0;
  }

  /// Whether another request may be added.
  boolean hasRoom() {
    return underWay < dueAt.length;
  }

  /// How many answers were not 2xx.
  int failures() {
    return failures;
  }

  /// Adds a request, which [#flush] sends together with others.
  void add(Request request, int number, long due) {
    request.render(number, out);
    dueAt[(oldest + underWay++) % dueAt.length] = due;
  }

  void flush() throws IOException {
    out.flip();
    link.write(out);
    out.clear();
  }

  /// Reads what has arrived.
  ///
  /// @param answered is told when the request of each answer was due
  void read(LongConsumer answered) throws IOException {
    if (link.read(in) < 0) {
      throw new IOException("the server closed a connection: " + text(0, in.position()));
    }
    int from = 0;
    for (int end = end(from); end <= in.position() && underWay > 0; end = end(from)) {
      if (in.get(from + 9) != '2') {
        failures++;
      }
      long due = dueAt[oldest];
      oldest = (oldest + 1) % dueAt.length;
      underWay--;
      from = end;
      looked = from;
      whole = UNKNOWN;
      answered.accept(due);
    }
    in.flip().position(from);
    in.compact();
    looked -= from;
    if (whole != UNKNOWN) {
      whole -= from;
    }
  }

  /// The end of the answer that begins at `from`; beyond the buffer while its head is incomplete.
  private int end(int from) {
    for (; whole == UNKNOWN && looked + 4 <= in.position(); looked++) {
      if (in.getInt(looked) == END_OF_HEAD) {
        whole = looked + 4 + contentLength(from, looked + 4);
      }
    }
    return whole == UNKNOWN ? Integer.MAX_VALUE : whole;
  }

  private int contentLength(int from, int head) {
    int length = 0;
    for (int i = from; i + 18 <= head; i++) {
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
        "an answer without a length: " + text(from, head).toLowerCase(Locale.ROOT));
  }

  private String text(int from, int end) {
    byte[] head = new byte[end - from];
    in.get(from, head);
    return new String(head, ISO_8859_1);
  }
}
