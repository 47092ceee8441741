package dev.agentrooms.protocol;

/// A text that should have been JSON and is not.
public final class MalformedJson extends RuntimeException {

  public MalformedJson(String detail) {
    super(detail, null, false, false);
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
