package dev.agentrooms.protocol;

import java.util.regex.Pattern;

/// The form of session, run and epoch names: 1–128 of `A-Z a-z 0-9 . _ : -`, the first a letter or
/// digit.
public final class SessionId {

  public static final int MAX_LENGTH = 128;

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private SessionId() {}

  public static boolean isValid(String id) {
    return FORM.matcher(id).matches();
  }

  /// @throws InvalidField when `id` has not that form
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
}
