package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an option can be: a term, a person, a year or a number, as the notes have it.
///
/// @param source the file that has it
/// @param spelling how it begins within a sentence
/// @param isPercent whether a number is a share
/// @param heading that it stands below
/// @param about stems of what it is, where the notes define it
record Answer(
    Kind kind,
    String text,
    Set<String> stems,
    String source,
    Language language,
    Spelling spelling,
    boolean isPercent,
    String heading,
    Set<String> about) {

  private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:([ ,\u00A0])\\d{3})+");

  /// How a word begins within a sentence; a sentence's first word does not tell.
  enum Spelling {
    SMALL,
    CAPITAL,
    UNKNOWN
  }

  Answer {
    stems = Set.copyOf(stems);
    about = Set.copyOf(about);
  }

  /// By the ending of its last word; a guess.
  boolean isPlural() {
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (language) {
      case ENGLISH -> lower.matches(".*[^siu]s") || lower.matches(".*(?:eria|ochondria|ae)");
      case RUSSIAN -> lower.matches(".*[ыи]");
    };
  }

  /// The same with a first letter as `other` has it, and a number's digits in groups as there.
  String inFormOf(String other) {
    if (kind == Kind.NUMBER) {
      return writtenAs(other);
    }
    if (spelling == Spelling.CAPITAL || Definition.isAcronym(text.split(" ")[0])) {
      return text;
    }
    if (spelling == Spelling.UNKNOWN && Character.isLowerCase(other.charAt(0))) {
      return text;
    }
    String first = text.substring(0, 1);
    String cased =
        Character.isUpperCase(other.charAt(0))
            ? first.toUpperCase(Locale.ROOT)
            : first.toLowerCase(Locale.ROOT);
    return cased + text.substring(1);
  }

  // Or the one number with a comma among those without would be the right one.
  private String writtenAs(String other) {
    Matcher grouped = GROUPED.matcher(other);
    boolean isLong = text.matches("\\d{4,}|" + GROUPED.pattern());
    if (!isLong || !isWhole() || (!grouped.matches() && !other.matches("\\d{4,}"))) {
      return text;
    }
    String digits = text.replaceAll("\\D", "");
    return grouped.matches()
        ? digits.replaceAll("(?<=\\d)(?=(?:\\d{3})+$)", grouped.group(1))
        : digits;
  }

  boolean isProper() {
    return spelling == Spelling.CAPITAL;
  }

  double number() {
    return Double.parseDouble(
        text.replaceAll("[ \u00A0]|,(?=\\d{3}(?!\\d))", "").replace(',', '.'));
  }

  boolean isWhole() {
    return !text.matches("\\d+[.,]\\d{1,2}");
  }
}
