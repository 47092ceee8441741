package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;

/// Validation of strings, by Unicode code points.
public final class Text {

  private Text() {}

  /// `text`, when it has `min` to `max` code points, is well-formed Unicode and not blank.
  ///
  /// @throws InvalidField otherwise
  public static String checked(String field, String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < min && length == 0) {
      throw new InvalidField(field, field + " must not be empty");
    }
    if (length < min || length > max) {
      throw new InvalidField(
          field, field + " must have " + min + " to " + max + " characters, and has " + length);
    }
    if (min > 0 && isBlank(text)) {
      throw new InvalidField(field, field + " must not be blank");
    }
    if (!isWellFormed(text)) {
      throw new InvalidField(field, field + " has half of a surrogate pair");
    }
    return text;
  }

  /// Whether nobody would see anything; other than for Java's own, a no-break space is blank, too.
  public static boolean isBlank(String text) {
    return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  /// Whether every surrogate in `text` is paired; an unpaired one has no UTF-8.
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// Whether all strings in a value, names included, can be encoded as UTF-8.
  ///
  /// @throws IllegalArgumentException when it is deeper than [Json] reads
  public static boolean isWellFormed(JsonNode value) {
    return isWellFormed(value, Json.MAX_DEPTH);
  }

  private static boolean isWellFormed(JsonNode value, int depth) {
    if (depth < 0) {
      throw new IllegalArgumentException("nested too deep");
    }
    if (value.isTextual()) {
      return isWellFormed(value.textValue());
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        if (!isWellFormed(member.getKey()) || !isWellFormed(member.getValue(), depth - 1)) {
          return false;
        }
      }
      return true;
    }
    for (JsonNode element : value) {
      if (!isWellFormed(element, depth - 1)) {
        return false;
      }
    }
    return true;
  }

  /// `text`, truncated to `max` code points, with an ellipsis if it was longer.
  public static String cut(String text, int max) {
    return text.codePointCount(0, text.length()) <= max
        ? text
        : text.substring(0, text.offsetByCodePoints(0, max - 1)) + "…";
  }

  static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
