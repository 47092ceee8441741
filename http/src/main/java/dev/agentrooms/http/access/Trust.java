package dev.agentrooms.http.access;

import dev.agentrooms.http.ConstantTime;
import dev.agentrooms.http.Hmac;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What agent and web UI recognise each other by, when one tells the other who a caller is. Whoever
/// has it can pass for any user. So it is derived from the secret that tokens are signed with, and
/// is the internal token, which producers of progress hold too, only where there is no such secret.
///
/// @param keys one, or two while a secret is rotated: one in common is enough
record Trust(List<String> keys) {

  private static final String PURPOSE = "agent-rooms: who a caller is";

  // With neither, they recognise each other in one process only.
  private static final String OF_THIS_PROCESS = UUID.randomUUID().toString();

  static final Trust WITHIN_THIS_PROCESS = new Trust(List.of(OF_THIS_PROCESS));

  Trust {
    keys = List.copyOf(keys);
  }

  static Trust of(Secrets secrets, @Nullable String internalToken) {
    if (!secrets.values().isEmpty()) {
      return new Trust(secrets.values().stream().map(secret -> Hmac.of(secret, PURPOSE)).toList());
    }
    return internalToken == null ? WITHIN_THIS_PROCESS : new Trust(List.of(internalToken));
  }

  /// As a header's value.
  String told() {
    return String.join(" ", keys);
  }

  boolean isOurs(String told) {
    return Stream.of(told.split(" "))
        .anyMatch(one -> keys.stream().anyMatch(key -> ConstantTime.isSame(one, key)));
  }

  @Override
  public String toString() {
    return "Trust";
  }
}
