package dev.agentrooms.protocol;

import java.util.Locale;

/// Checks on strings, counted in Unicode code points.
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
    if (min > 0 && text.isBlank()) {
      throw new InvalidField(field, field + " must not be blank");
    }
    if (!isWellFormed(text)) {
      throw new InvalidField(field, field + " has half of a surrogate pair");
    }
    return text;
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

  /// The first `max` code points of `text`, with an ellipsis in place of what was cut.
  public static String cut(String text, int max) {
    return text.codePointCount(0, text.length()) <= max
        ? text
        : text.substring(0, text.offsetByCodePoints(0, max - 1)) + "…";
  }

  static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
