package dev.agentrooms.http;

/// A setting with which the server cannot start, by its key.
public final class BadSetting extends RuntimeException {

  public BadSetting(String key, String why) {
    // It is said in one line, whatever the setting has in it.
    super((key + ": " + why).replaceAll("\\p{Cntrl}+", " "), null, false, false);
  }
}
