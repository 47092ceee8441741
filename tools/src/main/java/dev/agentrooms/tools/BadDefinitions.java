package dev.agentrooms.tools;

import java.util.List;

/// A file of tools and workflows with which the server cannot start, with all that is wrong in it.
/// Its message is the first of these.
public final class BadDefinitions extends RuntimeException {

  private final List<Mistake> mistakes;

  BadDefinitions(List<Mistake> mistakes) {
    super(mistakes.getFirst().line(), null, false, false);
    this.mistakes = List.copyOf(mistakes);
  }

  /// At least one, in the order of the file.
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
