package dev.agentrooms.http;

/// An invalid setting, by its key. The server does not start.
public final class BadSetting extends RuntimeException {

  public BadSetting(String key, String why) {
    // The message is one line, whatever the setting contains.
    super((key + ": " + why).replaceAll("\\p{Cntrl}+", " "), null, false, false);
  }
}
