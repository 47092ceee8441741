package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// What an agent shows with its progress.
///
/// @param secret null when anybody may send it
record InternalToken(@Nullable String secret) {

  /// In a time that does not tell how much of it was right.
  boolean isGranted(@Nullable String given) {
    return secret == null
        || (given != null && MessageDigest.isEqual(given.getBytes(UTF_8), secret.getBytes(UTF_8)));
  }

  @Override
  public String toString() {
    return "InternalToken";
  }
}
