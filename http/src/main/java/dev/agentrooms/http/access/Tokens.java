package dev.agentrooms.http.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Checks tokens, and makes those that are signed by our own secret.
public final class Tokens {

  private static final String NOT_VALID = "The token is not valid.";

  private final List<byte[]> secrets;
  private final @Nullable KeySet keys;
  private final Claims claims;
  private final InstantSource clock;

  public Tokens(AccessSettings settings, InstantSource clock) {
    this.secrets = settings.secrets().values();
    this.keys =
        settings.jwksUrl() == null ? null : new KeySet(settings.jwksUrl(), System::nanoTime);
    this.claims = new Claims(settings.issuer(), settings.audience());
    this.clock = clock;
  }

  /// Tokens by one secret.
  public static Tokens of(String secret, InstantSource clock) {
    return new Tokens(AccessSettings.OPEN.with(secret), clock);
  }

  /// Whose token it is. That a check fails is an answer, too, and says nothing of the reason in
  /// detail to those who do not hold a key.
  public CompletionStage<Visit> check(String token) {
    TokenForm form = TokenForm.of(token);
    if (form == null) {
      return done(Visit.unauthorized(NOT_VALID));
    }
    if (form.algorithm().equals("HS256")) {
      return done(
          secrets.stream().anyMatch(secret -> Signatures.isRight(form, secret))
              ? read(form, token)
              : Visit.unauthorized(NOT_VALID));
    }
    return keys == null
        ? done(Visit.unauthorized(NOT_VALID))
        : keys.candidates(form.keyId())
            .thenApply(
                found ->
                    found.stream().anyMatch(key -> Signatures.isRight(form, key))
                        ? read(form, token)
                        : Visit.unauthorized(NOT_VALID));
  }

  private Visit read(TokenForm form, String token) {
    return switch (claims.read(form.claims(), clock.instant())) {
      case Claims.Read.Of(Caller caller) -> new Visit.Known(caller, token);
      case Claims.Read.Wrong(String why) -> Visit.unauthorized(why);
    };
  }

  private static CompletionStage<Visit> done(Visit visit) {
    return CompletableFuture.completedFuture(visit);
  }

  /// Whether tokens can be made: there is a secret to sign them with.
  public boolean canMake() {
    return !secrets.isEmpty();
  }

  public String user(String id, Scope scope, Instant until) {
    return sign(new JWTClaimsSet.Builder().subject(id).claim("scope", scope.word()), until);
  }

  /// @param maker whom the session will belong to when it is nobody's yet; null for nobody
  public String link(String sessionId, Scope scope, @Nullable String maker, Instant until) {
    return link(new Caller.Link(sessionId, scope, maker, null, until));
  }

  public String link(Caller.Link link) {
    JWTClaimsSet.Builder token =
        new JWTClaimsSet.Builder()
            .claim("session_id", link.sessionId())
            .claim("scope", link.scope().word());
    if (link.maker() != null) {
      token.subject(link.maker());
    }
    if (link.of() != null) {
      token.claim(Claims.OWNER, link.of());
    }
    return sign(token, link.until());
  }

  private String sign(JWTClaimsSet.Builder token, Instant until) {
    if (secrets.isEmpty()) {
      throw new IllegalStateException("there is no access.secret");
    }
    if (claims.issuer() != null) {
      token.issuer(claims.issuer());
    }
    if (claims.audience() != null) {
      token.audience(claims.audience());
    }
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256), token.expirationTime(Date.from(until)).build());
      jwt.sign(new MACSigner(secrets.getFirst()));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e); // the secret is long enough
    }
  }

  public Instant now() {
    return clock.instant();
  }
}
