package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One thing that happened in a session, as its watchers see it.
///
/// `eventId` makes a delivery repeatable: a room takes each id once. What a room adds (`type`,
/// `seq`) is not part of it. `meta` is never changed after construction.
///
/// @param step what happened: 1–64 of `a-z0-9_`
/// @param tool the tool that it is about
public record ProgressEvent(
    String eventId,
    Instant ts,
    String sessionId,
    @Nullable String runId,
    String step,
    @Nullable String tool,
    Level level,
    @Nullable String message,
    @Nullable ObjectNode meta) {

  /// The most bytes that one event's JSON may have.
  public static final int MAX_BYTES = 1024 * 1024;

  /// @throws InvalidField naming the first field that is missing or wrong
  public static ProgressEvent from(Fields fields) {
    String step = fields.text("step", 1, 64);
    if (!isStep(step)) {
      throw fields.invalid("step", "must be 1 to 64 characters of a-z 0-9 _");
    }
    return new ProgressEvent(
        fields.text("event_id", 1, 128),
        fields.time("ts"),
        fields.sessionId(),
        fields.optionalText("run_id", 1, 128),
        step,
        fields.optionalText("tool", 1, 128),
        fields.oneOf("level", Level.class, Level.INFO),
        fields.optionalText("message", 0, MAX_BYTES),
        wellFormed(fields, fields.optionalObject("meta")));
  }

  private static boolean isStep(String step) {
    for (int i = 0; i < step.length(); i++) {
      char c = step.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable ObjectNode wellFormed(Fields fields, @Nullable ObjectNode meta) {
    if (meta != null && !Text.isWellFormed(meta)) {
      throw fields.invalid("meta", "has half of a surrogate pair");
    }
    return meta;
  }
}
