package dev.agentrooms.tools.notes;

import dev.agentrooms.tools.notes.Mention.Kind;
import java.util.Locale;
import java.util.Set;

/// What an option can be: a term, a person, a year or a number, as the notes have it.
///
/// @param source the file that has it
/// @param isProper whether it is the name of one thing, and so always begins with a capital
/// @param isPercent whether a number is a share
record Answer(
    Kind kind,
    String text,
    Set<String> stems,
    String source,
    Language language,
    boolean isProper,
    boolean isPercent) {

  Answer {
    stems = Set.copyOf(stems);
  }

  static Answer of(Kind kind, String text, String source, boolean isProper, boolean isPercent) {
    return new Answer(
        kind,
        text,
        Set.copyOf(NotesAnalyzer.stems(text)),
        source,
        Language.of(text),
        isProper,
        isPercent);
  }

  /// By the ending of its last word; a guess.
  boolean isPlural() {
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (language) {
      case ENGLISH -> lower.matches(".*[^siu]s") || lower.matches(".*(?:eria|ochondria|ae)");
      case RUSSIAN -> lower.matches(".*[ыи]");
    };
  }

  /// The same with a first letter as `other` has it.
  String inCaseOf(String other) {
    if (isProper || Definition.isAcronym(text.split(" ")[0])) {
      return text;
    }
    String first = text.substring(0, 1);
    String cased =
        Character.isUpperCase(other.charAt(0))
            ? first.toUpperCase(Locale.ROOT)
            : first.toLowerCase(Locale.ROOT);
    return cased + text.substring(1);
  }

  double number() {
    return Double.parseDouble(text.replaceAll("[ \u00A0]|,(?=\\d{3}(?!\\d))", "").replace(',', '.'));
  }

  boolean isWhole() {
    return !text.matches("\\d+[.,]\\d{1,2}");
  }
}
