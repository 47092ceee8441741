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
  private static final int MAX_BODY_BYTES = 64 * 1024;

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
  static Reading read(ByteString bytes, String line) {
    String head = head(bytes);
    if (head == null) {
      return Reading.Other.INSTANCE;
    }
    String[] lines = head.split("\r\n", -1);
    Map<String, String> headers = headers(lines);
    if (!lines[0].equals(line + " HTTP/1.1") || headers == null) {
      return Reading.Other.INSTANCE;
    }
    int length = length(headers.get("content-length"));
    int from = head.length() + 4;
    if (!headers.containsKey("host")
        || !JSON.contains(headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT))
        || length < 0
        || length > MAX_BODY_BYTES
        || bytes.size() > from + length) {
      return Reading.Other.INSTANCE;
    }
    return bytes.size() < from + length
        ? Reading.Unfinished.INSTANCE
        : new Reading.Whole(
            new PlainRequest(
                headers, Arrays.copyOfRange(bytes.toArrayUnsafe(), from, from + length)));
  }

  private static @Nullable String head(ByteString bytes) {
    byte[] array = bytes.toArrayUnsafe();
    int last = Math.min(array.length, MAX_HEAD_BYTES) - 3;
    for (int i = 0; i < last; i++) {
      if (array[i] == '\r'
          && array[i + 1] == '\n'
          && array[i + 2] == '\r'
          && array[i + 3] == '\n') {
        return new String(array, 0, i, ISO_8859_1);
      }
    }
    return null;
  }

  private static @Nullable Map<String, String> headers(String[] lines) {
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(": ");
      if (colon < 0 || !lines[i].chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
        return null;
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String value = lines[i].substring(colon + 2);
      if (!KNOWN.contains(name) || value.isBlank() || headers.put(name, value.strip()) != null) {
        return null;
      }
    }
    return headers;
  }

  private static int length(@Nullable String text) {
    return text != null && text.length() <= 7 && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Integer.parseInt(text)
        : -1;
  }
}
