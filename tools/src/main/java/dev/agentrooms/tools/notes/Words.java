package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The words of a text, as far as they make up terms.
final class Words {

  private Words() {}

  /// Which of these terms a text names, in its order. Each run of words is looked up, so that it
  /// takes no longer when there are more terms: "light is red" with at most two words to a term
  /// are "light", "light is", "is", "is red" and "red".
  static Set<String> in(String text, int most, Set<String> terms) {
    Set<String> found = new LinkedHashSet<>();
    List<Integer> begins = new ArrayList<>();
    for (int at = 0; at < text.length(); at++) {
      if (isOfWord(text, at) && !isOfWord(text, at - 1)) {
        begins.add(at);
      }
      if (isOfWord(text, at) && !isOfWord(text, at + 1)) {
        for (int begin : begins.subList(Math.max(0, begins.size() - most), begins.size())) {
          String run = text.substring(begin, at + 1);
          if (terms.contains(run)) {
            found.add(run);
          }
        }
      }
    }
    return found;
  }

  private static boolean isOfWord(String text, int at) {
    return at >= 0
        && at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "'’-".indexOf(text.charAt(at)) >= 0);
  }
}
