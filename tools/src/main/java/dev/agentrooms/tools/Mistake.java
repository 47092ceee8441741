package dev.agentrooms.tools;

import com.typesafe.config.ConfigOrigin;
import org.jspecify.annotations.Nullable;

/// A mistake in a file of tools and workflows: where it is, and what is allowed.
///
/// `ticket.conf:12: workflows.ticket.steps[1].tool: there is no tool "fetch"; there are: ...`
///
/// Without a stack trace, because it is an answer and not a bug.
public final class Mistake extends RuntimeException {

  private Mistake(String text) {
    // The message is one line, whatever the file contains.
    super(text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip(), null, false, false);
  }

  static Mistake at(@Nullable ConfigOrigin origin, String path, String what) {
    return new Mistake((origin == null ? "" : place(origin) + ": ") + path + ": " + what);
  }

  static Mistake inFile(String file, String what) {
    return new Mistake(file + ": " + what);
  }

  private static String place(ConfigOrigin origin) {
    String file = origin.filename() == null ? origin.description() : origin.filename();
    return origin.filename() == null || origin.lineNumber() < 0
        ? file
        : file + ":" + origin.lineNumber();
  }

  /// The whole line.
  public String line() {
    return String.valueOf(getMessage());
  }
}
