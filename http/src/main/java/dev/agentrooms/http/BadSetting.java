package dev.agentrooms.http;

/// A setting with which the server cannot start, by its key.
public final class BadSetting extends RuntimeException {

  public BadSetting(String key, String why) {
    super(key + ": " + why, null, false, false);
  }
}
