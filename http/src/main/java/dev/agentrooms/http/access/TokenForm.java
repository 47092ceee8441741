package dev.agentrooms.http.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The form of a token, checked before its signature. Libraries are lenient here: they take
/// signatures in several spellings, pass over `crit`, and throw what they like at objects that are
/// none.
///
/// @param signed header and claims, as they were signed
record TokenForm(
    String algorithm, @Nullable String keyId, JsonNode claims, byte[] signed, byte[] signature) {

  static final Set<String> ALGORITHMS = Set.of("HS256", "RS256", "ES256", "EdDSA");

  private static final int MAX_LENGTH = 8 * 1024;
  // The year 10000: no clock comes that far, and not every library.
  private static final double END_OF_TIME = 253_402_300_800.0;

  /// Null when it is no signed JWT in its one spelling, of JSON objects, without extensions that
  /// must be understood, and with times in the calendar.
  static @Nullable TokenForm of(String token) {
    List<String> parts = List.of(token.split("\\.", -1));
    if (token.length() > MAX_LENGTH
        || parts.size() != 3
        || !parts.stream().allMatch(TokenForm::isCanonical)) {
      return null;
    }
    try {
      JsonNode header = Json.parse(Base64.getUrlDecoder().decode(parts.get(0)));
      JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(parts.get(1)));
      boolean isFine =
          header.isObject()
              && ALGORITHMS.contains(header.path("alg").asText())
              && !header.has("crit")
              && (!header.has("kid") || header.path("kid").isTextual())
              && claims.isObject()
              && isTime(claims.path("exp"))
              && (!claims.has("nbf") || isTime(claims.path("nbf")))
              && (!claims.has("iat") || isTime(claims.path("iat")));
      return isFine
          ? new TokenForm(
              header.path("alg").asText(),
              header.path("kid").textValue(),
              claims,
              (parts.get(0) + "." + parts.get(1)).getBytes(US_ASCII),
              Base64.getUrlDecoder().decode(parts.get(2)))
          : null;
    } catch (MalformedJson e) {
      return null;
    }
  }

  // Without padding, and without bits that no byte has.
  private static boolean isCanonical(String base64) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(base64);
      return new String(Base64.getUrlEncoder().withoutPadding().encode(bytes), US_ASCII)
          .equals(base64);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isTime(JsonNode seconds) {
    return seconds.isNumber() && seconds.asDouble() >= 0 && seconds.asDouble() < END_OF_TIME;
  }
}
