package dev.agentrooms.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// ISO-8601 times with an offset, such as `2026-11-22T10:00:00.123Z`.
final class Timestamps {

  private static final String USUAL = "dddd-dd-ddTdd:dd:dd";
  private static final int MAX_FRACTION = 9;

  private Timestamps() {}

  /// @throws DateTimeException when `text` is no such time
  static Instant parse(String text) {
    Instant usual = usual(text);
    return usual == null ? OffsetDateTime.parse(text).toInstant() : usual;
  }

  /// The form in which almost all times come: a four-digit year, and `Z`. Every event has one, and
  /// the general parser takes longer for it than everything else that is read of the event.
  ///
  /// @return null for whatever is otherwise, right or wrong
  private static @Nullable Instant usual(String text) {
    int end = text.length() - 1;
    int fraction = end - USUAL.length() - 1;
    if (!isUsual(text)
        || text.charAt(end) != 'Z'
        || fraction == 0
        || fraction > MAX_FRACTION
        || fraction > 0 && text.charAt(USUAL.length()) != '.') {
      return null;
    }
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int nano = fraction < 0 ? 0 : number(text, USUAL.length() + 1, end);
    // The later days are not in every month.
    if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23) {
      return null;
    }
    if (minute > 59 || second > 59 || nano < 0) {
      return null;
    }
    for (int i = Math.max(fraction, 0); i < MAX_FRACTION; i++) {
      nano *= 10;
    }
    long days = LocalDate.of(number(text, 0, 4), month, day).toEpochDay();
    return Instant.ofEpochSecond(((days * 24 + hour) * 60 + minute) * 60 + second, nano);
  }

  private static boolean isUsual(String text) {
    if (text.length() <= USUAL.length()) {
      return false;
    }
    for (int i = 0; i < USUAL.length(); i++) {
      char wanted = USUAL.charAt(i);
      char is = text.charAt(i);
      if (wanted == 'd' ? is < '0' || is > '9' : is != wanted) {
        return false;
      }
    }
    return true;
  }

  /// @return -1 when something else than digits is there
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = number * 10 + digit - '0';
    }
    return number;
  }
}
