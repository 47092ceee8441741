package dev.agentrooms.agent.session;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A W3C trace, as `traceparent` carries it from the caller through a run to its tools.
///
/// @param traceId 32 hexadecimal digits
/// @param flags 2 hexadecimal digits
public record Trace(String traceId, String flags) {

  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

  /// The caller's trace, or a new one when there is none or it cannot be read.
  public static Trace from(@Nullable String traceparent) {
    Matcher header = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    return header.matches()
        ? new Trace(header.group(1), header.group(3))
        : new Trace(hex() + hex(), "01");
  }

  /// `traceparent` of a new span in this trace.
  public String newSpan() {
    return traceparent(hex());
  }

  /// `traceparent` of a span in this trace.
  String traceparent(String spanId) {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  /// The caller's own span; null when there is no header or it cannot be read.
  public static @Nullable String callerSpan(@Nullable String traceparent) {
    Matcher header = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    return header.matches() ? header.group(2) : null;
  }

  private static String hex() {
    long bits = ThreadLocalRandom.current().nextLong();
    return String.format(Locale.ROOT, "%016x", bits == 0 ? 1 : bits);
  }
}
