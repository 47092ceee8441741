package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.TokenExpiredException;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Who may read a room: with a secret, whoever has a token for it; without one, everybody.
///
/// A token is a JWT, signed by HS256 and nothing else, whose `session_id` is the room's and whose
/// `exp` has not come.
public final class RoomTokens {

  /// HS256 needs a secret as long as its digest.
  static final int MIN_SECRET_BYTES = 32;

  private static final String SESSION_ID = "session_id";
  private static final Verdict NOT_VALID =
      new Verdict.Refused("The token is not valid for this room.");

  private final @Nullable Algorithm algorithm;
  private final InstantSource clock;

  private RoomTokens(@Nullable Algorithm algorithm, InstantSource clock) {
    this.algorithm = algorithm;
    this.clock = clock;
  }

  /// @throws BadSetting when the secret is too short
  public static RoomTokens from(Settings settings) {
    try {
      return of(settings.optionalText("webui.room-token-secret"), InstantSource.system());
    } catch (IllegalArgumentException e) {
      throw new BadSetting("webui.room-token-secret", String.valueOf(e.getMessage()));
    }
  }

  /// @param secret null for rooms that everybody may read
  /// @throws IllegalArgumentException when the secret is too short
  public static RoomTokens of(@Nullable String secret, InstantSource clock) {
    if (secret != null && secret.getBytes(UTF_8).length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException("must have at least " + MIN_SECRET_BYTES + " bytes");
    }
    return new RoomTokens(secret == null ? null : Algorithm.HMAC256(secret.getBytes(UTF_8)), clock);
  }

  public boolean areRequired() {
    return algorithm != null;
  }

  /// What a token is good for.
  public sealed interface Verdict {
    /// @param until null for ever
    record Granted(@Nullable Instant until) implements Verdict {}

    record Missing() implements Verdict {}

    record Refused(String detail) implements Verdict {}
  }

  public Verdict check(@Nullable String token, String sessionId) {
    if (algorithm == null) {
      return new Verdict.Granted(null);
    }
    if (token == null) {
      return new Verdict.Missing();
    }
    if (!RoomToken.isWellFormed(token)) {
      return NOT_VALID;
    }
    try {
      // Only the builder's own type lets the clock be given.
      var verification =
          (JWTVerifier.BaseVerification)
              JWT.require(algorithm).withClaimPresence("exp").withClaim(SESSION_ID, sessionId);
      Instant until =
          verification
              .build(Clock.fixed(clock.instant(), ZoneOffset.UTC))
              .verify(token)
              .getExpiresAtAsInstant();
      return until == null
          ? new Verdict.Refused("The token has no exp.")
          : new Verdict.Granted(until);
    } catch (TokenExpiredException e) {
      return new Verdict.Refused("The token has expired.");
    } catch (RuntimeException e) {
      // Whatever the library makes of it. Why in detail is nobody's business who does not hold the
      // secret.
      return NOT_VALID;
    }
  }

  /// A token for one room.
  ///
  /// @throws IllegalStateException when there is no secret to sign with
  public String mint(String sessionId, Instant until) {
    if (algorithm == null) {
      throw new IllegalStateException("webui.room-token-secret is not set");
    }
    return JWT.create().withClaim(SESSION_ID, sessionId).withExpiresAt(until).sign(algorithm);
  }

  public Instant now() {
    return clock.instant();
  }
}
