package dev.agentrooms.http.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// What a token says, once its signature is known to be right: a caller, or why it is none.
///
/// @param issuer which every token must have; null for any
/// @param audience which every token must be for; null for any
record Claims(@Nullable String issuer, @Nullable String audience) {

  /// How far clocks may differ.
  static final Duration GRACE = Duration.ofSeconds(60);

  /// Of a link: the user whose session it opens.
  static final String OWNER = "owner";

  private static final int MAX_USER = 256;

  sealed interface Read {
    record Of(Caller caller) implements Read {}

    record Wrong(String why) implements Read {}
  }

  Read read(JsonNode claims, Instant now) {
    Instant exp = Instant.ofEpochSecond(claims.path("exp").asLong());
    if (!now.isBefore(exp.plus(GRACE))) {
      return new Read.Wrong("The token has expired.");
    }
    if (claims.has("nbf")
        && now.plus(GRACE).isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong()))) {
      return new Read.Wrong("The token is not valid yet.");
    }
    if (issuer != null && !issuer.equals(claims.path("iss").textValue())) {
      return new Read.Wrong("The token has another issuer.");
    }
    if (audience != null && !isFor(claims.path("aud"), audience)) {
      return new Read.Wrong("The token is for another audience.");
    }
    // Whoever comes within the grace is told to come back at its end, not at once.
    return caller(claims, now.isBefore(exp) ? exp : exp.plus(GRACE));
  }

  private static Read caller(JsonNode claims, Instant until) {
    boolean isLink = claims.has("session_id");
    @Nullable String user = claims.path("sub").textValue();
    if (claims.has("sub") && (user == null || user.isBlank() || user.length() > MAX_USER)) {
      return new Read.Wrong("The token's sub names nobody.");
    }
    Optional<Scope> scope =
        claims.has("scope")
            ? Optional.ofNullable(claims.path("scope").textValue()).flatMap(Scope::of)
            : Optional.of(isLink ? Scope.WATCH : Scope.USE);
    if (scope.isEmpty() || (isLink && scope.get() == Scope.ADMIN)) {
      return new Read.Wrong("The token's scope is none.");
    }
    if (isLink) {
      String sessionId = claims.path("session_id").textValue();
      return sessionId == null || !SessionId.isValid(sessionId)
          ? new Read.Wrong("The token's session_id is none.")
          : new Read.Of(
              new Caller.Link(sessionId, scope.get(), user, claims.path(OWNER).textValue(), until));
    }
    return user == null
        ? new Read.Wrong("The token names neither a user nor a session.")
        : new Read.Of(new Caller.User(user, scope.get(), until));
  }

  private static boolean isFor(JsonNode claim, String audience) {
    return claim.isTextual()
        ? claim.textValue().equals(audience)
        : claim.isArray()
            && StreamSupport.stream(claim.spliterator(), false)
                .anyMatch(each -> audience.equals(each.textValue()));
  }
}
