package dev.agentrooms.webui.streams;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The number of the interval of time in which a live answer is given. Readers send it back, so
/// that a cache in between keeps no answer for longer than that.
final class Cursor {

  private static final long BEGIN = Instant.parse("2024-10-09T00:00:00Z").getEpochSecond();
  private static final long INTERVAL = 20;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");

  private Cursor() {}

  /// The next cursor, always greater than the reader's.
  ///
  /// @param given what the reader has sent; null for nothing
  /// @param jitter a random number of seconds, 1 to 3600
  static String next(@Nullable String given, Instant now, int jitter) {
    long current = (now.getEpochSecond() - BEGIN) / INTERVAL;
    long last = given != null && NUMBER.matcher(given).matches() ? Long.parseLong(given) : -1;
    return Long.toString(last < current ? current : last + Math.max(1, jitter / INTERVAL));
  }
}
