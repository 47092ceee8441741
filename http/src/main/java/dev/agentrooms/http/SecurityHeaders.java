package dev.agentrooms.http;

import java.util.List;
import java.util.function.BiConsumer;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// The security headers of every answer: they forbid scripts, styles and connections of other
/// origins, inline code, strings where script or markup would run (trusted types), framing, and
/// MIME sniffing.
public final class SecurityHeaders {

  private static final String POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "worker-src 'self'",
          "style-src 'self'",
          // Pico's icons are data: URLs.
          "img-src 'self' data:",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types lit-html agent-rooms");

  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create("Content-Security-Policy", POLICY),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"),
          RawHeader.create("X-Frame-Options", "DENY"));

  private SecurityHeaders() {}

  public static HttpResponse on(HttpResponse response) {
    return response.addHeaders(HEADERS);
  }

  /// Calls `to` with each name and value.
  public static void each(BiConsumer<String, String> to) {
    HEADERS.forEach(header -> to.accept(header.name(), header.value()));
  }
}
