package dev.agentrooms.webui.signin;

import dev.agentrooms.http.Headers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// The cookies of those who sign in: out of reach of scripts, over TLS only (browsers make an
/// exception for their own machine), and never sent along by a form or a script of another site.
final class Cookies {

  /// While one is at the provider.
  static final String SIGNING_IN = "agent_rooms_signing_in";

  static final String SIGNED_IN = "agent_rooms_signed_in";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;

  private Cookies() {}

  /// What nobody can guess.
  static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static HttpHeader set(String name, String value, Duration life) {
    return RawHeader.create(
        "Set-Cookie",
        name
            + "="
            + value
            + "; Path=/; Max-Age="
            + life.toSeconds()
            + "; HttpOnly; Secure; SameSite=Lax");
  }

  static HttpHeader clear(String name) {
    return set(name, "", Duration.ZERO);
  }

  static @Nullable String of(HttpRequest request, String name) {
    return Headers.values(request, "cookie").stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(null);
  }
}
