package dev.agentrooms.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/// Renders a wire timestamp for a reader: `5 min ago` within the last hour, `14:05` for today, else
/// `2026-11-22 14:05`, in local time.
final class LocalTime {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

  private LocalTime() {}

  /// @param wire like `2026-11-22T10:00:00.123Z`; anything else is given back as one line
  static String of(String wire, Instant now, ZoneId zone) {
    Instant at;
    try {
      at = Instant.parse(wire);
    } catch (DateTimeParseException e) {
      return Words.oneLine(wire);
    }
    Duration ago = Duration.between(at, now);
    if (!ago.isNegative() && ago.compareTo(Duration.ofHours(1)) < 0) {
      return ago.toMinutes() == 0 ? ago.toSeconds() + " s ago" : ago.toMinutes() + " min ago";
    }
    ZonedDateTime there = at.atZone(zone);
    boolean isToday = there.toLocalDate().equals(now.atZone(zone).toLocalDate());
    return there.format(isToday ? TIME : DATE);
  }
}
