package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// The publish requests of a work, rendered before it begins. Each event has 200 bytes, or 1,000
/// of which a compressor makes half where it is to be compressed, and carries a number, by which
/// the receiver looks up when it was due.
final class Event implements Request {

  private static final int BYTES = 200;
  private static final int BYTES_DEFLATED = 1000;

  /// Stands before the number, where it is read.
  private static final byte MARK = '@';

  private static final int DIGITS = 8;
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

  /// One for each of so many rooms, of so many bytes.
  static List<Event> toAll(Server server, int rooms, int bytes) {
    return toAll(server, rooms, bytes, false);
  }

  /// One for each of so many rooms.
  static List<Event> toAll(Server server, int rooms, boolean deflated) {
    return toAll(server, rooms, deflated ? BYTES_DEFLATED : BYTES, deflated);
  }

  private static List<Event> toAll(Server server, int rooms, int bytes, boolean deflated) {
    return IntStream.range(0, rooms)
        .mapToObj(Request::room)
        .map(room -> to(server.publishPath(room, deflated), room, bytes))
        .toList();
  }

  private static Event to(String path, String room, int bytes) {
    String front =
        "{\"event_id\":\"e-"
            + ZERO
            + "\",\"ts\":\"2026-01-01T00:00:00.000Z\",\"session_id\":\""
            + room
            + "\",\"step\":\"progress\",\"level\":\"info\",\"message\":\"";
    String mark = "@@" + ZERO + "\"}";
    String body = front + letters(bytes - front.length() - mark.length()) + mark;
    String whole = Request.post(path, body);
    return new Event(
        whole.getBytes(US_ASCII),
        whole.indexOf(ZERO, whole.length() - body.length()),
        whole.lastIndexOf(ZERO));
  }

  /// About as hard to compress as prose is.
  private static String letters(int count) {
    return new Random(count)
        .ints(count, 'a', 'a' + 16)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public int maxBytes() {
    return request.length;
  }

  @Override
  public void render(int number, ByteBuffer out) {
    for (int i = 0; i < DIGITS; i++) {
      byte digit = HEX[number >>> (4 * (DIGITS - 1 - i)) & 15];
      request[inId + i] = digit;
      request[inMessage + i] = digit;
    }
    out.put(request);
  }

  /// Finds the numbers of events, which are all as far from the end.
  static final class Finder {
    private int fromEnd;

    /// The number of the event in `from` to `end`; -1 when it is none of ours.
    int find(ByteBuffer in, int from, int end) {
      int at = end - fromEnd;
      if (fromEnd > 0 && at - 2 >= from && isMarked(in, at)) {
        return number(in, at);
      }
      for (at = from + 2; at + DIGITS <= end; at++) {
        if (isMarked(in, at)) {
          fromEnd = end - at;
          return number(in, at);
        }
      }
      return -1;
    }

    private static boolean isMarked(ByteBuffer in, int at) {
      return in.get(at - 1) == MARK && in.get(at - 2) == MARK;
    }

    private static int number(ByteBuffer in, int at) {
      int number = 0;
      for (int i = at; i < at + DIGITS; i++) {
        byte digit = in.get(i);
        number = number << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
      }
      return number;
    }
  }
}
