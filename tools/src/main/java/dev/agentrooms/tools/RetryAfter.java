package dev.agentrooms.tools;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How long a service asks to be left alone: the field `Retry-After` of RFC 9110, in seconds, or as
/// a date, which is taken by the service's own clock, its `Date`.
public final class RetryAfter {

  private RetryAfter() {}

  /// Null when it does not say so, or says what cannot be read.
  public static @Nullable Duration of(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").map(String::strip).orElse("");
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    return date(value)
        .flatMap(
            until ->
                headers
                    .firstValue("Date")
                    .flatMap(RetryAfter::date)
                    .map(now -> Duration.between(now, until)))
        .filter(Duration::isPositive)
        .orElse(null);
  }

  private static Optional<ZonedDateTime> date(String text) {
    try {
      return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
