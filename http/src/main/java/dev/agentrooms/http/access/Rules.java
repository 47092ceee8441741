package dev.agentrooms.http.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The decision on every request, at every door: a pure function of who asks, for what, and whose
/// it is.
public final class Rules {

  /// Whose session it is, seen from a user.
  public enum Standing {
    /// Theirs.
    OWN,
    /// Another's, nobody's, or not there: a user cannot tell these apart.
    NOT_THEIRS,
    /// There is none yet, and a run would make it.
    FREE,
    /// It could not be found out.
    NOT_KNOWN
  }

  private Rules() {}

  /// On something about one session.
  ///
  /// @param needed what the door asks for
  /// @param standing only of meaning for those who see what is one user's
  public static Verdict session(Caller caller, Scope needed, String sessionId, Standing standing) {
    return switch (caller) {
      case Caller.Anyone anyone -> new Verdict.Granted(null);
      case Caller.User user -> {
        if (!user.scope().includes(needed)) {
          yield tooLittle(user.scope(), needed);
        }
        yield user.scope() == Scope.ADMIN
            ? new Verdict.Granted(user.until())
            : owned(standing, user.until());
      }
      case Caller.Link link -> {
        if (!link.sessionId().equals(sessionId)) {
          yield new Verdict.Forbidden("The token is for another session.");
        }
        if (!link.scope().includes(needed)) {
          yield tooLittle(link.scope(), needed);
        }
        yield link.of() == null ? new Verdict.Granted(link.until()) : owned(standing, link.until());
      }
    };
  }

  private static Verdict owned(Standing standing, @Nullable Instant until) {
    return switch (standing) {
      case OWN, FREE -> new Verdict.Granted(until);
      case NOT_THEIRS -> new Verdict.Unknown();
      case NOT_KNOWN -> new Verdict.Undecided();
    };
  }

  /// On something about no session in particular, or about one that has yet to get its id.
  ///
  /// @param forLinks whether the holder of a link to a session may have it, too
  public static Verdict general(Caller caller, Scope needed, boolean forLinks) {
    return switch (caller) {
      case Caller.Anyone anyone -> new Verdict.Granted(null);
      case Caller.User user ->
          user.scope().includes(needed)
              ? new Verdict.Granted(user.until())
              : tooLittle(user.scope(), needed);
      case Caller.Link link ->
          forLinks
              ? new Verdict.Granted(link.until())
              : new Verdict.Forbidden("The token is for one session, which the request must name.");
    };
  }

  /// Whose the session has to be, so that they are let in; null when that does not matter, because
  /// they are let in or refused whosever it is.
  public static @Nullable String owner(Caller caller, Scope needed, String sessionId) {
    return session(caller, needed, sessionId, Standing.FREE) instanceof Verdict.Granted
        ? caller.limitedTo()
        : null;
  }

  /// On a new link to a session that the caller is let into.
  ///
  /// @param asked the scope of the new link
  public static Verdict link(Caller caller, Scope asked) {
    if (asked == Scope.ADMIN) {
      return new Verdict.Forbidden("A link cannot have the scope admin.");
    }
    @Nullable Scope own =
        switch (caller) {
          case Caller.Anyone anyone -> null;
          case Caller.User user -> user.scope();
          case Caller.Link link -> link.scope();
        };
    return own == null || own.includes(Scope.USE)
        ? new Verdict.Granted(caller.expiry())
        : tooLittle(own, Scope.USE);
  }

  private static Verdict tooLittle(Scope has, Scope needed) {
    return new Verdict.Forbidden(
        "The token's scope is " + has.word() + ", and this needs " + needed.word() + ".");
  }
}
