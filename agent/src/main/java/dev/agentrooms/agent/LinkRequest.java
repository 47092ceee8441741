package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/agent/links`.
///
/// @param scope how far the link goes
/// @param ttl how long it is good
record LinkRequest(String sessionId, Scope scope, Duration ttl) {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Pattern TTL = Pattern.compile("([1-9][0-9]{0,8}) ?(s|m|h|d)");

  /// @throws InvalidField naming the first field that is missing or wrong
  static LinkRequest from(Fields fields) {
    return new LinkRequest(
        fields.sessionId(), fields.oneOf("scope", Scope.class, Scope.WATCH), ttl(fields));
  }

  // Seconds as a number, or a text such as 15m.
  private static Duration ttl(Fields fields) {
    @Nullable JsonNode value = fields.value("ttl");
    if (value == null) {
      return DAY;
    }
    Duration ttl =
        value.isTextual()
            ? duration(fields, value.textValue())
            : Duration.ofSeconds(seconds(fields));
    if (ttl.compareTo(LONGEST) > 0) {
      throw fields.invalid("ttl", "must be at most 30 days");
    }
    return ttl;
  }

  private static long seconds(Fields fields) {
    @Nullable Long seconds = fields.optionalLong("ttl", 1, LONGEST.toSeconds());
    return seconds == null ? DAY.toSeconds() : seconds;
  }

  private static Duration duration(Fields fields, String text) {
    Matcher parts = TTL.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw fields.invalid("ttl", "must be seconds, or a time like 90s, 15m, 12h or 7d");
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
