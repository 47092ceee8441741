package dev.agentrooms.http;

import java.util.List;
import java.util.function.BiConsumer;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// What a browser is told to refuse, with every answer: scripts, styles and connections of any
/// other origin, inline code, text where a script or markup would run, framing, guessed types.
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
          "trusted-types lit-html dompurify agent-rooms");

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

  /// Gives the name and the value of each to `to`.
  public static void each(BiConsumer<String, String> to) {
    HEADERS.forEach(header -> to.accept(header.name(), header.value()));
  }
}
