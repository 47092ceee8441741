package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.adapters.Happening.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How far the texts of a run have been shown. What was not seen while it was written is made up
/// for by the event that says the whole and where it was cut, so that all read the same pieces.
final class Parts {

  private record Shown(int pieces, long offset) {}

  private static final Shown NOTHING = new Shown(0, 0);

  private final Map<String, Shown> shown = new HashMap<>();

  /// A piece that has just been written.
  ///
  /// @return nothing when it was shown, or does not follow what was
  List<Written> on(String part, long offset, String text) {
    Shown before = shown.getOrDefault(part, NOTHING);
    if (text.isEmpty() || offset != before.offset()) {
      return List.of();
    }
    return List.of(piece(part, before, text));
  }

  private Written piece(String part, Shown before, String text) {
    shown.put(
        part,
        new Shown(before.pieces() + 1, before.offset() + text.codePointCount(0, text.length())));
    return new Written(part, before.pieces(), before.offset(), text);
  }

  /// The rest of the part that an event ends.
  ///
  /// @param meta of the event
  List<Written> rest(JsonNode meta) {
    String part = meta.path("part").asText();
    String text =
        meta.path("text").isTextual()
            ? meta.path("text").textValue()
            : meta.path("partial_text").asText("");
    if (part.isEmpty() || text.isEmpty()) {
      return List.of();
    }
    List<Written> rest = new ArrayList<>();
    long length = text.codePointCount(0, text.length());
    List<Long> ends = new ArrayList<>();
    meta.path("cuts").forEach(cut -> ends.add(cut.asLong()));
    ends.add(length);
    for (long end : ends) {
      Shown before = shown.getOrDefault(part, NOTHING);
      if (end > before.offset() && end <= length) {
        rest.add(piece(part, before, between(text, before.offset(), end)));
      }
    }
    return rest;
  }

  private static String between(String text, long from, long to) {
    int start = text.offsetByCodePoints(0, (int) from);
    return text.substring(start, text.offsetByCodePoints(start, (int) (to - from)));
  }
}
