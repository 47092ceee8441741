package dev.agentrooms.adapters.langgraph;

import dev.agentrooms.protocol.InvalidField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a reader has seen last, as `Last-Event-ID` says it: `epoch:seq.k`.
record Cursor(String epoch, long seq, int k) {

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9._-]{1,64}):([0-9]{1,18})\\.([0-9]{1,9})");

  /// @return null when the reader has seen nothing yet
  /// @throws InvalidField when it is no cursor of ours
  static @Nullable Cursor of(@Nullable String text) {
    if (text == null || text.isBlank() || text.equals("-1") || text.equals("0")) {
      return null;
    }
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new InvalidField("Last-Event-ID", "Last-Event-ID is not the id of an event.");
    }
    return new Cursor(
        parts.group(1), Long.parseLong(parts.group(2)), Integer.parseInt(parts.group(3)));
  }

  /// Whether the reader has seen it. What is of another epoch it has not.
  boolean covers(Shown shown) {
    return epoch.equals(shown.epoch())
        && (shown.seq() < seq || (shown.seq() == seq && shown.k() <= k));
  }
}
