package dev.agentrooms.protocol;

/// The form of a run's id that its caller chooses: 1–128 of `A-Z a-z 0-9 . _ -`, the first a letter
/// or digit. That of a [SessionId] without the colon.
public final class RunId {

  private RunId() {}

  public static boolean isValid(String id) {
    return SessionId.isValid(id) && id.indexOf(':') < 0;
  }

  /// @throws InvalidField when `id` has not that form
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
