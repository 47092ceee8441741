package dev.agentrooms.tools.notes;

import java.util.Set;

/// A question that could be asked, without its wrong options.
///
/// @param text as it is shown
/// @param stems of what it says, which the right answer has none of
/// @param from the sentence that makes the answer right
record Candidate(Answer answer, String text, Set<String> stems, Statement from) {

  Candidate {
    stems = Set.copyOf(stems);
  }
}
