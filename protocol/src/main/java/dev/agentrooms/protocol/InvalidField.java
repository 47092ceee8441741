package dev.agentrooms.protocol;

/// An invalid field of a request, by name. Without a stack trace, because it is an answer and not
/// a bug.
public final class InvalidField extends RuntimeException {

  private final String field;

  public InvalidField(String field, String detail) {
    super(detail, null, false, false);
    this.field = field;
  }

  /// Name of the field as the client wrote it; nested ones with dots, as in `submission.exam_id`.
  public String field() {
    return field;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
