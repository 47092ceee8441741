package dev.agentrooms.tools;

/// Surrogate pairs that a stream has cut in two: a high half waits for the low one, and one that
/// stays alone becomes U+FFFD.
public final class Halves {

  private static final char REPLACEMENT = '\uFFFD';

  private String waiting = "";

  /// The whole characters up to the end of `piece`.
  public String add(String piece) {
    String all = waiting + piece;
    int end = all.length();
    boolean isCut = end > 0 && Character.isHighSurrogate(all.charAt(end - 1));
    waiting = isCut ? all.substring(end - 1) : "";
    return mended(isCut ? all.substring(0, end - 1) : all);
  }

  /// What is left at the end.
  public String end() {
    String rest = mended(waiting);
    waiting = "";
    return rest;
  }

  public static String mended(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      mended = mended == null ? new StringBuilder(text) : mended;
      mended.setCharAt(i, REPLACEMENT);
    }
    return mended == null ? text : mended.toString();
  }
}
