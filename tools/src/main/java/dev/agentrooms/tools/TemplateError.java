package dev.agentrooms.tools;

/// A template that cannot be read, or that cannot be filled: a value is missing, or does not fit
/// where it is to stand. Carries no stack: it is an answer, not a bug.
final class TemplateError extends RuntimeException {

  TemplateError(String detail) {
    super(detail, null, false, false);
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
