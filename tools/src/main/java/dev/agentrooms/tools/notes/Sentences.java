package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Divides text into sentences, English or Russian.
///
/// A sentence ends with `.`, `!`, `?` or `…` and what closes quotes and brackets behind it, when
/// something that begins a sentence follows. "e.g. a leaf", "А. С. Пушкин" and "в 1869 г. вышла"
/// go on.
final class Sentences {

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "e.g", "i.e", "etc", "cf", "vs", "mr", "mrs", "ms", "dr", "prof", "st", "no", "fig",
          "vol", "ca", "approx", "jr", "sr", "al", "eq", "ch", "sec", "pp", "ed", "b.c", "a.d",
          "u.s", "u.k", "т.е", "т.д", "т.п", "т.к", "т.н", "т", "др", "пр", "см", "ср", "напр",
          "рис", "табл", "гл", "стр", "с", "г", "гг", "в", "вв", "им", "ул", "проф", "акад", "н.э",
          "до н.э", "э", "тыс", "млн", "млрд", "руб", "кг", "км", "мин", "ок", "св", "род", "ум",
          "англ", "лат", "греч", "нем", "фр", "букв", "сокр", "обл");

  // Those that may be a sentence's last word as well: then a capital letter begins the next.
  private static final Set<String> MAY_END =
      Set.of(
          "etc", "al", "b.c", "a.d", "т.д", "т.п", "др", "пр", "г", "гг", "вв", "н.э", "э", "тыс",
          "млн", "млрд", "руб", "кг", "км", "мин", "no", "с", "jr", "sr", "u.s", "u.k");

  private static final String CLOSING = "»”\"')]’";
  private static final String OPENING = "«“„\"'([‘—–-";

  private Sentences() {}

  static List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!isEnd(text.charAt(i))) {
        continue;
      }
      int last = i;
      while (last + 1 < text.length()
          && (isEnd(text.charAt(last + 1)) || CLOSING.indexOf(text.charAt(last + 1)) >= 0)) {
        last++;
      }
      if (last + 1 == text.length() || (isGap(text, last + 1) && ends(text, from, i, last))) {
        add(sentences, text.substring(from, last + 1));
        from = last + 1;
      }
      i = last;
    }
    add(sentences, text.substring(from));
    return sentences;
  }

  private static void add(List<String> sentences, String sentence) {
    String stripped = sentence.strip();
    if (!stripped.isEmpty()) {
      sentences.add(stripped);
    }
  }

  private static boolean isEnd(char c) {
    return c == '.' || c == '!' || c == '?' || c == '…';
  }

  private static boolean isGap(String text, int at) {
    return Character.isWhitespace(text.charAt(at));
  }

  private static boolean ends(String text, int from, int mark, int last) {
    int next = last + 1;
    while (next < text.length()
        && (Character.isWhitespace(text.charAt(next)) || OPENING.indexOf(text.charAt(next)) >= 0)) {
      next++;
    }
    if (next == text.length()) {
      return true;
    }
    char first = text.charAt(next);
    if (!Character.isUpperCase(first) && !Character.isDigit(first)) {
      // After a question or an exclamation within a sentence it goes on with a small letter.
      return Character.isLetter(first) ? false : text.charAt(mark) != '.';
    }
    if (text.charAt(mark) != '.' || mark == 0) {
      return true;
    }
    String word = wordBefore(text, from, mark);
    if (word.length() == 1 && Character.isUpperCase(word.charAt(0))) {
      return false;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (!ABBREVIATIONS.contains(lower)) {
      return true;
    }
    return MAY_END.contains(lower) && Character.isUpperCase(first) && !isInitial(text, next);
  }

  private static boolean isInitial(String text, int at) {
    return at + 1 < text.length() && text.charAt(at + 1) == '.';
  }

  // With the dots within it, as in "e.g".
  private static String wordBefore(String text, int from, int mark) {
    int begin = mark;
    while (begin > from
        && (Character.isLetterOrDigit(text.charAt(begin - 1)) || text.charAt(begin - 1) == '.')) {
      begin--;
    }
    return text.substring(begin, mark);
  }
}
