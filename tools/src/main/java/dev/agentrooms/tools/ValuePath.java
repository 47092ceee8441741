package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path to a value within JSON: member names, and element numbers from 0.
/// `steps.fetch.items.0.id` is the `id` of the first item in the output of step `fetch`.
record ValuePath(List<String> segments) {

  private static final Pattern WRITTEN = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  ValuePath {
    segments = List.copyOf(segments);
  }

  static ValuePath of(List<String> segments) {
    return new ValuePath(segments);
  }

  /// @throws TemplateError when it is not a valid path
  static ValuePath parse(String text) {
    if (!WRITTEN.matcher(text).matches()) {
      throw new TemplateError("\"" + text + "\" is no path, which is names with dots between them");
    }
    return new ValuePath(List.of(text.split("\\.")));
  }

  /// The value at the path; null when it is missing or JSON's null, unless the path is empty.
  @Nullable JsonNode in(JsonNode value) {
    JsonNode there = value;
    for (String segment : segments) {
      JsonNode next =
          there.isArray() && INDEX.matcher(segment).matches()
              ? there.get(Integer.parseInt(segment))
              : there.get(segment);
      if (next == null || next.isNull()) {
        return null;
      }
      there = next;
    }
    return there;
  }

  @Override
  public String toString() {
    return String.join(".", segments);
  }
}
