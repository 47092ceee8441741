package dev.agentrooms.tools;

import java.util.List;

/// All mistakes in a file of tools and workflows, which prevent the start. The message is that of
/// the first one.
public final class BadDefinitions extends RuntimeException {

  private final List<Mistake> mistakes;

  BadDefinitions(List<Mistake> mistakes) {
    super(mistakes.getFirst().line(), null, false, false);
    this.mistakes = List.copyOf(mistakes);
  }

  /// At least one, in file order.
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
