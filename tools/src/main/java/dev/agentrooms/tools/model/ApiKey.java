package dev.agentrooms.tools.model;

/// A secret that never shows in a log, an exception or a debugger's line.
public final class ApiKey {

  private static final String HIDDEN = "***";

  private final String secret;

  public ApiKey(String secret) {
    this.secret = secret;
  }

  String header() {
    return "Bearer " + secret;
  }

  /// `text` without the key: some servers repeat it in their errors.
  String hide(String text) {
    return text.replace(secret, HIDDEN);
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
