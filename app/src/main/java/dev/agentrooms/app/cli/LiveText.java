package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/// Text on a terminal while it is being written, of one part of one run at a time.
final class LiveText {

  private final PrintWriter out;
  private final StringBuilder written = new StringBuilder();
  private String part = "";
  private boolean isOpen;

  LiveText(PrintWriter out) {
    this.out = out;
  }

  /// Whether the cursor is behind text that goes on.
  boolean isOpen() {
    return isOpen;
  }

  /// @param delta as the stream has it; one that does not follow on what is shown begins anew
  void write(JsonNode delta) {
    String of = delta.path("run_id").asText() + " " + delta.path("part").asText();
    long offset = delta.path("offset").asLong();
    boolean goesOn =
        isOpen && of.equals(part) && offset == written.codePointCount(0, written.length());
    if (!goesOn && offset > 0) {
      return;
    }
    if (!goesOn) {
      close();
      out.println();
      part = of;
      written.setLength(0);
      isOpen = true;
    }
    String text = delta.path("text").asText();
    written.append(text);
    out.print(Words.clean(text));
    out.flush();
  }

  /// The text is over, or interrupted.
  void close() {
    if (isOpen) {
      isOpen = false;
      out.println();
      out.println();
    }
  }

  /// Whether this text was the last that was shown.
  boolean has(String text) {
    return !text.isEmpty() && Words.clean(written.toString()).strip().equals(text);
  }
}
