package dev.agentrooms.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Settings of one server's HTTP edge.
///
/// @param tls null for a server without TLS
/// @param accessLog whether each request is logged by the logger `access`
/// @param serverTiming whether each answer has its duration in `Server-Timing`
public record HttpSettings(
    HttpAddress address,
    HttpLimits limits,
    @Nullable Tls tls,
    boolean accessLog,
    boolean serverTiming) {

  /// PEM files: the certificate chain, and the private key.
  public record Tls(Path certificate, Path key) {}

  /// @param key the section of the address, such as `agent.http`
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

  /// The URL scheme: `https` with a certificate, else `http`.
  public String scheme() {
    return tls == null ? "http" : "https";
  }
}
