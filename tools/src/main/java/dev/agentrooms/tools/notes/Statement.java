package dev.agentrooms.tools.notes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A sentence of the notes, in its chunk.
///
/// @param stems of its words, without stop words
record Statement(Chunk chunk, String text, Set<String> stems) {

  Statement {
    stems = Set.copyOf(stems);
  }

  static List<Statement> of(Chunk chunk) {
    return chunk.sentences().stream()
        .map(text -> new Statement(chunk, text, new LinkedHashSet<>(NotesAnalyzer.stems(text))))
        .toList();
  }

  /// How many of these stems it has.
  long common(Set<String> others) {
    return others.stream().filter(stems::contains).count();
  }

  /// Terms that are set in bold in it.
  List<String> bold() {
    return chunk.bold().stream().filter(text::contains).toList();
  }
}
