package dev.agentrooms.agent;

import dev.agentrooms.protocol.Delta;
import org.jspecify.annotations.Nullable;

/// The text that one attempt writes, on its way from the thread that receives it to the session.
/// However many tokens come, the session is told once that there is text, and takes what there is.
final class AttemptText {

  private final Runnable onText;
  private final StringBuilder text = new StringBuilder();
  private boolean isWaitedFor = true;

  /// @param onText called when there is text again
  AttemptText(Runnable onText) {
    this.onText = onText;
  }

  /// @param more whole characters
  void append(String more) {
    if (more.isEmpty()) {
      return;
    }
    synchronized (this) {
      text.append(more);
      if (!isWaitedFor) {
        return;
      }
      isWaitedFor = false;
    }
    onText.run();
  }

  /// What there is from an index on, up to the longest delta; null when there is nothing, which is
  /// told when it changes.
  synchronized @Nullable String next(int from) {
    if (from >= text.length()) {
      isWaitedFor = true;
      return null;
    }
    return text.substring(from, end(text, from, Delta.MAX_BYTES));
  }

  synchronized int length() {
    return text.length();
  }

  synchronized String all() {
    return text.toString();
  }

  /// The end of as many whole characters as have at most `maxBytes` in UTF-8.
  static int end(CharSequence text, int from, int maxBytes) {
    int at = from;
    int bytes = 0;
    while (at < text.length()) {
      int c = Character.codePointAt(text, at);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }
}
