package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The shared secret that authenticates progress events.
///
/// @param secret null when no token is required
record InternalToken(@Nullable String secret) {

  /// Compares in constant time.
  boolean isGranted(@Nullable String given) {
    return secret == null
        || (given != null && MessageDigest.isEqual(given.getBytes(UTF_8), secret.getBytes(UTF_8)));
  }

  @Override
  public String toString() {
    return "InternalToken";
  }
}
