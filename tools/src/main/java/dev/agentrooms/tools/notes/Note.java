package dev.agentrooms.tools.notes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of the folder, as it was read.
///
/// @param title its first heading, or what the file says its title is
record Note(@Nullable String title, List<Section> sections) {

  Note {
    sections = List.copyOf(sections);
  }
}
