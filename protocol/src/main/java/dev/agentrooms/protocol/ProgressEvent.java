package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event of a session, as watchers see it.
///
/// `eventId` makes delivery idempotent: a room accepts each id once. The room's own members
/// (`type`, `seq`) are not part of this record. `meta` must not be changed after construction.
///
/// @param step the kind of event, such as `start_retrieval`: 1–64 of `a-z0-9_`
/// @param tool the tool that the event is about
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

  /// The largest event, in bytes of JSON.
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

  /// Whether it is a name that an event may have.
  public static boolean isStep(String step) {
    if (step.isEmpty() || step.length() > 64) {
      return false;
    }
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
