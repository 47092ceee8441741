package dev.agentrooms.tools;

/// A template that cannot be parsed, or cannot be filled because a value is missing or invalid in
/// its place. Without a stack trace, because it is an answer and not a bug.
public final class TemplateError extends RuntimeException {

  TemplateError(String detail) {
    super(detail, null, false, false);
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
