package dev.agentrooms.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What an operator says of one server's edge.
///
/// @param tls null for a server in clear
/// @param accessLog whether each request is a line of the log `access`
/// @param serverTiming whether each answer says in `Server-Timing` how long it took
public record HttpSettings(
    HttpAddress address,
    HttpLimits limits,
    @Nullable Tls tls,
    boolean accessLog,
    boolean serverTiming) {

  /// PEM files: the certificate with those that it is signed by, and its key.
  public record Tls(Path certificate, Path key) {}

  /// @param key where the address is, such as `agent.http`
  public static HttpSettings from(Settings settings, String key) {
    return new HttpSettings(
        HttpAddress.from(settings, key),
        HttpLimits.from(settings),
        tls(settings),
        settings.flag("http.access-log"),
        settings.flag("http.server-timing"));
  }

  private static @Nullable Tls tls(Settings settings) {
    String certificate = settings.optionalText("http.tls.cert");
    String key = settings.optionalText("http.tls.key");
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw key == null
          ? new BadSetting("http.tls.cert", "needs http.tls.key beside it")
          : new BadSetting("http.tls.key", "needs http.tls.cert beside it");
    }
    return new Tls(Path.of(certificate), Path.of(key));
  }

  /// `http`, or `https` where there is a certificate.
  public String scheme() {
    return tls == null ? "http" : "https";
  }
}
