package dev.agentrooms.protocol;

import java.util.regex.Pattern;

/// A piece of a text that is still being written. It has no `seq`, and is not history: what is
/// retained is the event with the whole text at its end.
///
/// @param part which text of the run: `draft` is that of the step `draft`, `work.2` the second of
///     the step `work`
/// @param offset how many code points of the part come before
public record Delta(String sessionId, String runId, String part, long offset, String text) {

  /// The longest piece that a session sends, in bytes of UTF-8.
  public static final int MAX_BYTES = 16 * 1024;

  // Of what others send; the bytes are limited with the body.
  private static final int MAX_LENGTH = 64 * 1024;
  private static final Pattern PART = Pattern.compile("[a-z][a-z0-9_.-]{0,79}");

  /// @throws InvalidField naming the first field that is missing or wrong
  public static Delta from(Fields fields) {
    String sessionId = fields.sessionId();
    String runId = fields.text("run_id", 1, 128);
    String part = fields.text("part", 1, 80);
    if (!PART.matcher(part).matches()) {
      throw fields.invalid("part", "must be 1 to 80 characters of a-z 0-9 _ . -, a letter first");
    }
    Long offset = fields.optionalLong("offset", 0, Long.MAX_VALUE);
    if (offset == null) {
      throw fields.invalid("offset", "is required");
    }
    return new Delta(sessionId, runId, part, offset, text(fields));
  }

  private static String text(Fields fields) {
    // A piece may be blank.
    String text = fields.optionalText("text", 0, MAX_LENGTH);
    if (text == null || text.isEmpty()) {
      throw fields.invalid("text", "is required, and must not be empty");
    }
    return text;
  }
}
