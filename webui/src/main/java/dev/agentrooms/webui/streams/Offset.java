package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.InvalidField;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A place in a stream: behind the event `seq` of the life `epoch`. Written in a fixed width, so
/// that the offsets of one stream sort as text.
///
/// @param epoch null for whichever the stream has
public record Offset(@Nullable String epoch, long seq) {

  private static final Pattern TEXT = Pattern.compile("([0-9a-z]{16})_([0-9]{16})");
  private static final int WIDTH = 16;

  /// @throws InvalidField when it is none
  static Offset parse(String field, String text) {
    var match = TEXT.matcher(text);
    if (!match.matches()) {
      throw new InvalidField(field, field + " must be one that this server has given");
    }
    String epoch = match.group(1).replaceFirst("^0+", "");
    return new Offset(epoch.isEmpty() ? null : epoch, Long.parseLong(match.group(2)));
  }

  static String text(String epoch, long seq) {
    return "0".repeat(Math.max(0, WIDTH - epoch.length())) + epoch + "_" + "%016d".formatted(seq);
  }
}
