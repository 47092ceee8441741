package dev.agentrooms.http.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who sends a request, as far as it matters to what they may do.
public sealed interface Caller {

  /// Whoever it is, where access is open.
  record Anyone() implements Caller {}

  /// A person or a program with a name.
  ///
  /// @param until when their token expires; null when they did not come with one
  record User(String id, Scope scope, @Nullable Instant until) implements Caller {}

  /// The holder of a link to one session.
  ///
  /// @param maker the user who made the link; null when it was made by an operator
  /// @param of the user whose session it opens, and no other's that may have the same id later;
  ///     null for whosever it is
  record Link(
      String sessionId, Scope scope, @Nullable String maker, @Nullable String of, Instant until)
      implements Caller {}

  Caller ANYONE = new Anyone();

  /// When they may no longer read what they have opened; null for never.
  default @Nullable Instant expiry() {
    return switch (this) {
      case Anyone anyone -> null;
      case User user -> user.until();
      case Link link -> link.until();
    };
  }

  /// Whom a session belongs to that they run first in; null for nobody.
  default @Nullable String owner() {
    return switch (this) {
      case Anyone anyone -> null;
      case User user -> user.id();
      case Link link -> link.of() == null ? link.maker() : link.of();
    };
  }

  /// The user whose sessions are all that they see; null when ownership does not limit them.
  default @Nullable String limitedTo() {
    return switch (this) {
      case Anyone anyone -> null;
      case User user -> user.scope() == Scope.ADMIN ? null : user.id();
      case Link link -> link.of();
    };
  }

  /// Whether they see every session and every room.
  default boolean seesAll() {
    return switch (this) {
      case Anyone anyone -> true;
      case User user -> user.scope() == Scope.ADMIN;
      case Link link -> false;
    };
  }

  /// In a word, for the audit log.
  default String kind() {
    return switch (this) {
      case Anyone anyone -> "anyone";
      case User user -> user.scope() == Scope.ADMIN ? "admin" : "user";
      case Link link -> "link";
    };
  }
}
