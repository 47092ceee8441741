package dev.agentrooms.http.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Settings of access control; `reference.conf` describes each.
///
/// @param isOpen whether everybody may do everything
/// @param isSaid whether the mode was set outright, rather than derived
/// @param jwksUrl where a provider publishes its keys; null for none
/// @param userHeader the header in which a trusted proxy names the user, in lower case; null for
///     none
/// @param trust what agent and web UI recognise each other by
public record AccessSettings(
    boolean isOpen,
    boolean isSaid,
    Secrets secrets,
    @Nullable URI jwksUrl,
    @Nullable String issuer,
    @Nullable String audience,
    @Nullable String userHeader,
    TrustedProxies proxies,
    Trust trust) {

  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

  /// Everybody may do everything.
  public static final AccessSettings OPEN =
      new AccessSettings(
          true,
          true,
          Secrets.NONE,
          null,
          null,
          null,
          null,
          new TrustedProxies(List.of()),
          Trust.WITHIN_THIS_PROCESS);

  /// @throws BadSetting naming the first setting that cannot be right
  public static AccessSettings from(Settings settings) {
    Secrets secrets = Secrets.from(settings);
    URI jwksUrl = settings.optionalUrl("access.jwks-url");
    String userHeader = settings.optionalText("access.user-header");
    TrustedProxies proxies = TrustedProxies.from(settings);
    if (userHeader != null && !HEADER.matcher(userHeader).matches()) {
      throw new BadSetting("access.user-header", "\"" + userHeader + "\" is no header's name");
    }
    if (userHeader != null && proxies.isEmpty()) {
      throw new BadSetting(
          "access.user-header",
          "needs access.trusted-proxies, the addresses that may send it (ACCESS_TRUSTED_PROXIES)");
    }
    boolean canCheck =
        !secrets.values().isEmpty()
            || jwksUrl != null
            || userHeader != null
            || OidcSettings.from(settings) != null;
    String mode = settings.text("access.mode");
    if (!mode.isEmpty() && !mode.equals("open") && !mode.equals("token")) {
      throw new BadSetting("access.mode", "must be open or token, and is \"" + mode + "\"");
    }
    if (mode.equals("token") && !canCheck) {
      throw new BadSetting(
          "access.mode",
          "token needs a way to check one: access.secret, access.jwks-url, access.oidc or access.user-header");
    }
    return new AccessSettings(
        mode.equals("open") || (mode.isEmpty() && !canCheck),
        !mode.isEmpty(),
        secrets,
        jwksUrl,
        settings.optionalText("access.issuer"),
        settings.optionalText("access.audience"),
        userHeader == null ? null : userHeader.toLowerCase(Locale.ROOT),
        proxies,
        Trust.of(secrets, settings.optionalToken("internal-token")));
  }

  /// The same, with tokens that are signed by a secret.
  AccessSettings with(String secret) {
    return new AccessSettings(
        isOpen,
        isSaid,
        new Secrets(List.of(secret.getBytes(UTF_8))),
        jwksUrl,
        issuer,
        audience,
        userHeader,
        proxies,
        trust);
  }

  /// Refuses a server that everybody in the network could use, unless that was said outright.
  ///
  /// @throws BadSetting when it listens beyond loopback
  public void requireFor(HttpAddress address) {
    if (isOpen && !isSaid && !address.isLoopback()) {
      throw new BadSetting(
          "access.mode",
          "must be set, because "
              + address.key()
              + ".host is "
              + address.host()
              + ", beyond loopback: access.secret or another way to check tokens, or"
              + " access.mode = open, with which everybody who reaches it may do everything"
              + " (ACCESS_MODE=open)");
    }
  }

  @Override
  public String toString() {
    return "AccessSettings[isOpen=" + isOpen + "]";
  }
}
