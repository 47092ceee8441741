package dev.agentrooms.tools.notes;

/// White space within a text.
final class Spaces {

  private Spaces() {}

  /// Runs of white space and control characters become one space each; soft hyphens vanish.
  static String collapsed(String text) {
    StringBuilder collapsed = new StringBuilder(text.length());
    boolean pending = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u00AD' || c == '\u200B' || c == '\uFEFF') {
        continue;
      }
      if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
        pending = true;
        continue;
      }
      if (pending && !collapsed.isEmpty()) {
        collapsed.append(' ');
      }
      pending = false;
      collapsed.append(c);
    }
    return collapsed.toString();
  }
}
