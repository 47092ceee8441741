package dev.agentrooms.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// ISO-8601 times with an offset, such as `2026-11-22T10:00:00.123Z`.
final class Timestamps {

  // `d` is a digit. The fraction of a second is optional, and has any number of digits up to nine.
  private static final String USUAL = "dddd-dd-ddTdd:dd:dd.ddddddddd";
  private static final int SECONDS_END = USUAL.indexOf('.');

  private Timestamps() {}

  /// @throws DateTimeException when `text` is not such a timestamp
  static Instant parse(String text) {
    Instant usual = usual(text);
    return usual == null ? OffsetDateTime.parse(text).toInstant() : usual;
  }

  /// A fast path for the usual form: a four-digit year, and `Z`. The general parser takes longer
  /// for a timestamp than everything else takes that is read of an event.
  ///
  /// @return null for any other form, valid or not
  private static @Nullable Instant usual(String text) {
    int end = text.length() - 1;
    if (!isUsual(text, end)) {
      return null;
    }
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    // Days after the 28th are left to the general parser.
    if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23) {
      return null;
    }
    if (minute > 59 || second > 59) {
      return null;
    }
    int nano = number(text, SECONDS_END + 1, end);
    for (int i = Math.max(end, SECONDS_END + 1); i < USUAL.length(); i++) {
      nano *= 10;
    }
    long days = LocalDate.of(number(text, 0, 4), month, day).toEpochDay();
    return Instant.ofEpochSecond(((days * 24 + hour) * 60 + minute) * 60 + second, nano);
  }

  private static boolean isUsual(String text, int end) {
    if (end < SECONDS_END
        || end == SECONDS_END + 1
        || end > USUAL.length()
        || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char wanted = USUAL.charAt(i);
      char is = text.charAt(i);
      if (wanted == 'd' ? is < '0' || is > '9' : is != wanted) {
        return false;
      }
    }
    return true;
  }

  /// The digits in this range as a number; 0 when the range is empty.
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
