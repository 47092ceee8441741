package dev.agentrooms.tools.notes;

import dev.agentrooms.protocol.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the sections of a note from top to bottom.
final class Sections {

  // A heading stands in each of its chunks, and may be as long as a file.
  private static final int MAX_HEADING = 300;

  private final List<Section> done = new ArrayList<>();
  private final List<Passage> open = new ArrayList<>();
  private @Nullable String first;
  private @Nullable String heading;
  private @Nullable Integer page;

  void heading(String text) {
    close();
    heading = text.isBlank() ? null : Text.cut(text, MAX_HEADING);
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
    return new Note(title == null ? first : Text.cut(title, MAX_HEADING), done);
  }

  private void close() {
    if (!open.isEmpty()) {
      done.add(new Section(heading, page, open));
      open.clear();
    }
  }
}
