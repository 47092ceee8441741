package dev.agentrooms.protocol;

/// The syntax of session, run and epoch ids: 1–128 of `A-Z a-z 0-9 . _ : -`, the first a letter or
/// digit.
public final class SessionId {

  public static final int MAX_LENGTH = 128;

  private SessionId() {}

  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH || !isLetterOrDigit(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != ':' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /// @throws InvalidField when `id` is not of this form
  public static String checked(String field, String id) {
    if (!isValid(id)) {
      throw new InvalidField(
          field,
          field
              + " must be 1 to 128 characters of A-Z a-z 0-9 . _ : - and begin with a letter or"
              + " digit");
    }
    return id;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
