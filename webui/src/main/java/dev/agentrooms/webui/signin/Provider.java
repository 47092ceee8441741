package dev.agentrooms.webui.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.agentrooms.http.access.OidcSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The OpenID provider, as the web UI talks to it. Blocks: to be called on virtual threads.
final class Provider {

  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(5).toMillis();
  // What a public key is for. An algorithm with a secret is none of them.
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private final OidcSettings settings;
  private final ClientID clientId;
  private volatile @Nullable OIDCProviderMetadata known;

  Provider(OidcSettings settings) {
    this.settings = settings;
    this.clientId = new ClientID(settings.clientId());
  }

  /// Where the browser is sent to sign in.
  ///
  /// @param redirect where it comes back to
  /// @throws SignInFailed when the provider cannot be reached
  URI begin(URI redirect, State state, Nonce nonce, CodeVerifier verifier) throws SignInFailed {
    return new AuthenticationRequest.Builder(
            new ResponseType(ResponseType.Value.CODE),
            new Scope("openid", "profile"),
            clientId,
            redirect)
        .endpointURI(metadata().getAuthorizationEndpointURI())
        .state(state)
        .nonce(nonce)
        .codeChallenge(verifier, CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /// Who has signed in there.
  ///
  /// @param code that the browser came back with
  /// @return their `sub`
  /// @throws SignInFailed when the provider does not vouch for anybody
  String finish(String code, URI redirect, Nonce nonce, CodeVerifier verifier) throws SignInFailed {
    OIDCProviderMetadata provider = metadata();
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, verifier);
    String secret = settings.clientSecret();
    TokenRequest.Builder request =
        secret == null
            ? new TokenRequest.Builder(provider.getTokenEndpointURI(), clientId, grant)
            : new TokenRequest.Builder(
                provider.getTokenEndpointURI(),
                new ClientSecretBasic(clientId, new Secret(secret)),
                grant);
    try {
      HTTPRequest http = request.build().toHTTPRequest();
      http.setConnectTimeout(PATIENCE_MILLIS);
      http.setReadTimeout(PATIENCE_MILLIS);
      http.setFollowRedirects(false);
      TokenResponse answer = OIDCTokenResponseParser.parse(http.send());
      if (!(answer instanceof OIDCTokenResponse tokens)) {
        throw new SignInFailed(
            "it does not take the code: " + answer.toErrorResponse().toJSONObject());
      }
      return user(provider, tokens.getOIDCTokens().getIDToken(), nonce);
    } catch (GeneralException | IOException e) {
      throw new SignInFailed("its answer to the code cannot be read", e);
    }
  }

  private String user(OIDCProviderMetadata provider, JWT idToken, Nonce nonce)
      throws SignInFailed, IOException {
    if (!(idToken.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)
        || !ALGORITHMS.contains(algorithm)) {
      throw new SignInFailed("its ID tokens are signed by " + idToken.getHeader().getAlgorithm());
    }
    try {
      // The key's kind has to fit the algorithm.
      IDTokenClaimsSet claims =
          new IDTokenValidator(
                  provider.getIssuer(), clientId, algorithm, provider.getJWKSetURI().toURL())
              .validate(idToken, nonce);
      return claims.getSubject().getValue();
    } catch (BadJOSEException | JOSEException e) {
      throw new SignInFailed("its ID token is not right", e);
    }
  }

  private OIDCProviderMetadata metadata() throws SignInFailed {
    OIDCProviderMetadata provider = known;
    if (provider == null) {
      try {
        provider =
            OIDCProviderMetadata.resolve(
                new Issuer(settings.issuer()), PATIENCE_MILLIS, PATIENCE_MILLIS);
      } catch (GeneralException | IOException e) {
        throw new SignInFailed("it does not describe itself", e);
      }
      known = provider;
    }
    return provider;
  }
}
