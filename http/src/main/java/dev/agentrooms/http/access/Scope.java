package dev.agentrooms.http.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How far a token goes; each one includes those before it.
public enum Scope {
  /// Reading a session and its room.
  WATCH,
  /// Running, cancelling, answering and deleting, too.
  USE,
  /// All sessions, whoever owns them.
  ADMIN;

  /// As tokens and requests say it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Scope> of(String word) {
    return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }

  public boolean includes(Scope other) {
    return compareTo(other) >= 0;
  }
}
