package dev.agentrooms.protocol;

/// The syntax of a run id that the caller chooses: 1–128 of `A-Z a-z 0-9 . _ -`, the first a
/// letter or digit. Like a [SessionId], without the colon.
public final class RunId {

  private RunId() {}

  public static boolean isValid(String id) {
    return SessionId.isValid(id) && id.indexOf(':') < 0;
  }

  /// @throws InvalidField when `id` is not of this form
  public static String checked(String field, String id) {
    if (!isValid(id)) {
      throw new InvalidField(
          field,
          field
              + " must be 1 to 128 characters of A-Z a-z 0-9 . _ - and begin with a letter or"
              + " digit");
    }
    return id;
  }
}
