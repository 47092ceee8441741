package dev.agentrooms.tools.notes;

import dev.agentrooms.protocol.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Cuts a note into chunks: as many whole sentences as fit, and never across a heading.
///
/// With sentences of 300, 300 and 400 characters below one heading, the first two are a chunk and
/// the third is another. Only a sentence that is too long itself is cut, between two words.
final class Chunker {

  static final int MAX_LENGTH = 800;

  // A term has no more, and a paragraph may have as many terms as fit into a file.
  private static final int MOST_WORDS = 4;

  private final String source;
  private final Note note;
  private final List<Chunk> chunks = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final Set<String> bold = new LinkedHashSet<>();

  private Chunker(String source, Note note) {
    this.source = source;
    this.note = note;
  }

  static List<Chunk> chunks(String source, Note note) {
    Chunker chunker = new Chunker(source, note);
    note.sections().forEach(chunker::section);
    return List.copyOf(chunker.chunks);
  }

  private void section(Section section) {
    boolean wasProse = true;
    for (Passage passage : section.passages()) {
      if (passage.isProse() != wasProse) {
        close(section, wasProse);
        wasProse = passage.isProse();
      }
      String between = "\n";
      Set<String> terms = Set.copyOf(passage.bold());
      for (String part : parts(passage)) {
        if (!text.isEmpty() && text.length() + between.length() + part.length() > MAX_LENGTH) {
          close(section, wasProse);
        }
        text.append(text.isEmpty() ? "" : between).append(part);
        if (!terms.isEmpty()) {
          bold.addAll(Words.in(part, MOST_WORDS, terms));
        }
        between = passage.isProse() ? " " : "\n";
      }
    }
    close(section, wasProse);
  }

  private static List<String> parts(Passage passage) {
    List<String> parts = new ArrayList<>();
    List<String> wholes =
        passage.isProse() ? Sentences.of(passage.text()) : passage.text().lines().toList();
    for (String whole : wholes) {
      int from = 0;
      while (whole.length() - from > MAX_LENGTH) {
        int end = cut(whole, from);
        parts.add(whole.substring(from, end));
        from = end;
        while (from < whole.length() && Character.isWhitespace(whole.charAt(from))) {
          from++;
        }
      }
      String rest = whole.substring(from);
      if (!rest.isBlank()) {
        parts.add(rest);
      }
    }
    return parts;
  }

  // At a space; where there is none, at least not between the halves of a surrogate pair.
  private static int cut(String text, int from) {
    int most = from + MAX_LENGTH;
    for (int at = most; at > from; at--) {
      if (text.charAt(at) == ' ') {
        return at;
      }
    }
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }

  private void close(Section section, boolean isProse) {
    if (text.isEmpty()) {
      return;
    }
    String whole = text.toString();
    String id = Fingerprint.of(source + "\n" + chunks.size() + "\n" + whole).substring(0, 16);
    String heading = section.heading() == null ? note.title() : section.heading();
    chunks.add(
        new Chunk(
            id, whole, source, note.title(), heading, section.page(), List.copyOf(bold), isProse));
    text.setLength(0);
    bold.clear();
  }
}
