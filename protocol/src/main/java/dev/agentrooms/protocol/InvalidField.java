package dev.agentrooms.protocol;

/// A field of a request that cannot be accepted, by name. Carries no stack: it is an answer, not a
/// bug.
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
