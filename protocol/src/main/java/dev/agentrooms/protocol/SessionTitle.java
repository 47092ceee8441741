package dev.agentrooms.protocol;

import org.jspecify.annotations.Nullable;

/// The body of `PATCH /api/agent/sessions/{id}`: `{"title": "Volcanoes"}`.
///
/// @param title on one line; null for the session's first question again
public record SessionTitle(@Nullable String title) {

  private static final int MAX_LENGTH = 200;

  /// @throws InvalidField when the title is missing or wrong
  public static SessionTitle from(Fields fields) {
    if (!fields.node().has("title")) {
      throw new InvalidField("title", "title is missing");
    }
    String title = fields.optionalText("title", 1, MAX_LENGTH);
    return new SessionTitle(title == null ? null : oneLine(title));
  }

  private static String oneLine(String title) {
    String line = title.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return Text.checked("title", line, 1, MAX_LENGTH);
  }
}
