package dev.agentrooms.http.access;

import dev.agentrooms.protocol.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What comes of a request at a door.
public sealed interface Verdict {

  /// @param until null for ever
  record Granted(@Nullable Instant until) implements Verdict {}

  /// There is no valid token: 401.
  record Unauthorized(String detail) implements Verdict {}

  /// A valid token that does not go so far: 403.
  record Forbidden(String detail) implements Verdict {}

  /// There is no such session, as far as this caller is concerned: 404.
  record Unknown() implements Verdict {}

  /// It is not known whose the session is, because the agent does not answer: 503.
  record Undecided() implements Verdict {}

  /// The problem that says so; not for [Granted].
  ///
  /// @param sessionId null when the request names none
  default Problem problem(@Nullable String sessionId) {
    Problem problem =
        switch (this) {
          case Granted granted -> throw new IllegalStateException("granted");
          case Unauthorized(String detail) -> Problem.of(401, "Unauthorized", detail);
          case Forbidden(String detail) -> Problem.of(403, "Forbidden", detail);
          case Unknown unknown ->
              Problem.of(404, "Unknown session", "There is no session " + sessionId + ".");
          case Undecided undecided ->
              Problem.of(503, "Not available", "The agent does not say whose session this is.");
        };
    return sessionId == null ? problem : problem.with("session_id", sessionId);
  }
}
