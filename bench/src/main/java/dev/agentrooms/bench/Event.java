package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Locale;

/// The publish requests of a work, rendered before it begins. Each event has 200 bytes and carries
// a
/// number, by which whoever receives it finds out when it was due to be sent.
final class Event {

  static final int BYTES = 200;

  /// Stands before the number, where it is read.
  static final byte MARK = '@';

  static final int DIGITS = 8;
  private static final String ZERO = "0".repeat(DIGITS);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private final byte[] request;
  private final int inId;
  private final int inMessage;

  private Event(byte[] request, int inId, int inMessage) {
    this.request = request;
    this.inId = inId;
    this.inMessage = inMessage;
  }

  static String room(int number) {
    return String.format(Locale.ROOT, "room-%05d", number);
  }

  static Event to(Server server, String room) {
    String front =
        "{\"event_id\":\"e-"
            + ZERO
            + "\",\"ts\":\"2026-01-01T00:00:00.000Z\",\"session_id\":\""
            + room
            + "\",\"step\":\"progress\",\"level\":\"info\",\"message\":\"";
    String mark = "@@" + ZERO + "\"}";
    String body = front + "x".repeat(BYTES - front.length() - mark.length()) + mark;
    String head =
        "POST "
            + server.publishPath(room)
            + " HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    String whole = head + body;
    return new Event(
        whole.getBytes(US_ASCII), whole.indexOf(ZERO, head.length()), whole.lastIndexOf(ZERO));
  }

  /// Puts the request that publishes event `number` into `out`.
  void render(int number, ByteBuffer out) {
    for (int i = 0; i < DIGITS; i++) {
      byte digit = HEX[number >>> (4 * (DIGITS - 1 - i)) & 15];
      request[inId + i] = digit;
      request[inMessage + i] = digit;
    }
    out.put(request);
  }

  /// The number that begins at `at`; -1 when there is none.
  static int number(ByteBuffer in, int at) {
    if (in.get(at - 1) != MARK || in.get(at - 2) != MARK) {
      return -1;
    }
    int number = 0;
    for (int i = at; i < at + DIGITS; i++) {
      byte digit = in.get(i);
      number = number << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return number;
  }
}
