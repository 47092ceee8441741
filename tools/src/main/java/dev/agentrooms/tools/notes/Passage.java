package dev.agentrooms.tools.notes;

import java.util.List;

/// A paragraph, list item or table row of a note, as text without markup.
///
/// @param bold what is set in bold in it, in its order
/// @param isProse whether it is made of sentences; code and tables are not
record Passage(String text, List<String> bold, boolean isProse) {

  Passage {
    bold = List.copyOf(bold);
  }

  static Passage prose(String text) {
    return new Passage(text, List.of(), true);
  }
}
