package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/// Comparison of secrets in constant time: how long it takes says nothing of where they differ.
public final class ConstantTime {

  private ConstantTime() {}

  public static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }
}
