package dev.agentrooms.http.access;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The OpenID provider that people sign in with.
///
/// @param issuer as it names itself, which is where it describes itself, too
/// @param clientSecret null for a public client
public record OidcSettings(URI issuer, String clientId, @Nullable String clientSecret) {

  private static final String ISSUER = "access.oidc.issuer";
  private static final String CLIENT_ID = "access.oidc.client-id";

  /// Null when nobody can sign in.
  ///
  /// @throws BadSetting naming the first setting that cannot be right
  public static @Nullable OidcSettings from(Settings settings) {
    String issuer = settings.optionalUrl(ISSUER) == null ? null : settings.optionalText(ISSUER);
    String clientId = settings.optionalText(CLIENT_ID);
    String secret = settings.optionalToken("access.oidc.client-secret");
    if (issuer == null && (clientId != null || secret != null)) {
      throw new BadSetting(ISSUER, "is needed by the other settings of access.oidc");
    }
    if (issuer == null) {
      return null;
    }
    if (clientId == null) {
      throw new BadSetting(CLIENT_ID, "is needed to sign in at " + issuer);
    }
    // In its own spelling: some end with a slash.
    return new OidcSettings(URI.create(issuer), clientId, secret);
  }

  @Override
  public String toString() {
    return "OidcSettings[" + issuer + "]";
  }
}
