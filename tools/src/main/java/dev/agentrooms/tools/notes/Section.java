package dev.agentrooms.tools.notes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a note below one heading; of a PDF, on one page.
///
/// @param heading null above the first one
/// @param page from 1; null where there are no pages
record Section(@Nullable String heading, @Nullable Integer page, List<Passage> passages) {

  Section {
    passages = List.copyOf(passages);
  }
}
