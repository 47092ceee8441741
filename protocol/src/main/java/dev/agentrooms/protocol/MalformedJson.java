package dev.agentrooms.protocol;

/// Input that is not valid JSON.
public final class MalformedJson extends RuntimeException {

  public MalformedJson(String detail) {
    super(detail, null, false, false);
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
