package dev.agentrooms.app;

import dev.agentrooms.http.BadSetting;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Settings of the log, checked here because `logback.xml` reads them itself and, for an unknown
/// format, would log nothing at all without a warning.
final class LogSettings {

  private static final List<String> FORMATS = List.of("text", "json");
  private static final List<String> LEVELS =
      List.of("off", "error", "warn", "info", "debug", "trace", "all");

  private LogSettings() {}

  /// @throws BadSetting naming the invalid one
  static void check() {
    String format = value("AGENT_ROOMS_LOG_FORMAT");
    if (format != null && !FORMATS.contains(format)) {
      throw notOneOf("AGENT_ROOMS_LOG_FORMAT", FORMATS, format);
    }
    String level = value("AGENT_ROOMS_LOG_LEVEL");
    if (level != null && !LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
      throw notOneOf("AGENT_ROOMS_LOG_LEVEL", LEVELS, level);
    }
  }

  private static BadSetting notOneOf(String key, List<String> words, String value) {
    return new BadSetting(
        key, "must be one of " + String.join(", ", words) + ", and is \"" + value + "\"");
  }

  private static @Nullable String value(String name) {
    String property = System.getProperty(name);
    String value = property == null ? System.getenv(name) : property;
    // Logback treats an empty variable as unset.
    return value == null || value.isEmpty() ? null : value;
  }
}
