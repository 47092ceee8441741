package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the sections of a note from top to bottom.
final class Sections {

  private final List<Section> done = new ArrayList<>();
  private final List<Passage> open = new ArrayList<>();
  private @Nullable String first;
  private @Nullable String heading;
  private @Nullable Integer page;

  void heading(String text) {
    close();
    heading = text.isBlank() ? null : text;
    first = first == null ? heading : first;
  }

  /// What follows stands on this page, without a heading so far.
  void page(int number) {
    close();
    page = number;
    heading = null;
  }

  void add(Passage passage) {
    if (!passage.text().isBlank()) {
      open.add(passage);
    }
  }

  /// @param title of the note; null for its first heading, even if only other headings follow
  Note note(@Nullable String title) {
    close();
    return new Note(title == null ? first : title, done);
  }

  private void close() {
    if (!open.isEmpty()) {
      done.add(new Section(heading, page, open));
      open.clear();
    }
  }
}
