package dev.agentrooms.tools.notes;

import dev.agentrooms.protocol.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/// Cuts a note into chunks: as many whole sentences as fit, and never across a heading.
///
/// With sentences of 300, 300 and 400 characters below one heading, the first two are a chunk and
/// the third is another. Only a sentence that is too long itself is cut, between two words.
final class Chunker {

  static final int MAX_LENGTH = 800;

  private final String source;
  private final Note note;
  private final List<Chunk> chunks = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<String> bold = new ArrayList<>();

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
      for (String part : parts(passage)) {
        if (!text.isEmpty() && text.length() + between.length() + part.length() > MAX_LENGTH) {
          close(section, wasProse);
        }
        text.append(text.isEmpty() ? "" : between).append(part);
        passage.bold().stream().filter(part::contains).forEach(bold::add);
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
      String rest = whole;
      while (rest.length() > MAX_LENGTH) {
        int cut = rest.lastIndexOf(' ', MAX_LENGTH);
        int end = cut > 0 ? cut : unbroken(rest);
        parts.add(rest.substring(0, end));
        rest = rest.substring(end).stripLeading();
      }
      if (!rest.isBlank()) {
        parts.add(rest);
      }
    }
    return parts;
  }

  // Not between the halves of a surrogate pair.
  private static int unbroken(String text) {
    return Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
  }

  private void close(Section section, boolean isProse) {
    if (text.isEmpty()) {
      return;
    }
    String whole = text.toString();
    String id = Fingerprint.of(source + "\n" + chunks.size() + "\n" + whole).substring(0, 16);
    String heading = section.heading() == null ? note.title() : section.heading();
    chunks.add(new Chunk(id, whole, source, note.title(), heading, section.page(), bold, isProse));
    text.setLength(0);
    bold.clear();
  }
}
