package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A JSON request without anything unusual in its head, and its whole body.
///
/// @param headers by lower-case name
public record PlainRequest(Map<String, String> headers, byte[] body) {

  /// What so many bytes are.
  sealed interface Reading {
    record Whole(PlainRequest request) implements Reading {}

    /// The head is plain, and some of the body is yet to come.
    enum Unfinished implements Reading {
      INSTANCE
    }

    /// The general parser's business: something else, something odd, or more than one request.
    enum Other implements Reading {
      INSTANCE
    }
  }

  private static final int MAX_HEAD_BYTES = 4096;
  private static final int MAX_BODY_BYTES = 16 * 1024;

  // What these say changes nothing of how such a request is read.
  private static final Set<String> KNOWN =
      Set.of(
          "host",
          "user-agent",
          "accept",
          "content-type",
          "content-length",
          "x-internal-token",
          "traceparent");

  private static final Set<String> JSON =
      Set.of("application/json", "application/json; charset=utf-8");

  /// @param line such as `POST /api/agent/progress`
  static Reading read(ByteString received, String line) {
    byte[] bytes = received.toArrayUnsafe();
    int end = endOfHead(bytes);
    if (end < 0) {
      return Reading.Other.INSTANCE;
    }
    String head = new String(bytes, 0, end, ISO_8859_1);
    Map<String, String> headers = headers(head, line + " HTTP/1.1\r\n");
    if (headers == null
        || !headers.containsKey("host")
        || !JSON.contains(headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT))) {
      return Reading.Other.INSTANCE;
    }
    int length = length(headers.get("content-length"));
    int from = end + 2;
    if (length < 0 || length > MAX_BODY_BYTES || bytes.length > from + length) {
      return Reading.Other.INSTANCE;
    }
    return bytes.length < from + length
        ? Reading.Unfinished.INSTANCE
        : new Reading.Whole(
            new PlainRequest(headers, Arrays.copyOfRange(bytes, from, from + length)));
  }

  /// Where the last header's line ends; -1 when it is not there, or too far away.
  private static int endOfHead(byte[] bytes) {
    int last = Math.min(bytes.length, MAX_HEAD_BYTES) - 3;
    for (int i = 0; i < last; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i + 2;
      }
    }
    return -1;
  }

  private static @Nullable Map<String, String> headers(String head, String start) {
    if (!head.startsWith(start)) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    int at = start.length();
    while (at < head.length()) {
      int end = head.indexOf("\r\n", at);
      int colon = head.indexOf(": ", at);
      if (colon < 0 || colon > end || !isPlain(head, at, end)) {
        return null;
      }
      String name = head.substring(at, colon).toLowerCase(Locale.ROOT);
      String value = head.substring(colon + 2, end).strip();
      if (!KNOWN.contains(name) || value.isEmpty() || headers.put(name, value) != null) {
        return null;
      }
      at = end + 2;
    }
    return headers;
  }

  private static boolean isPlain(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static int length(@Nullable String text) {
    return text != null && text.length() <= 7 && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Integer.parseInt(text)
        : -1;
  }
}
