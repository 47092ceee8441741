package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.util.Base64;
import java.util.List;

/// The form of a room token, judged before its signature is: what is odd here is not for the
/// library to interpret, which takes signatures in several spellings, passes over `crit`, and
/// throws what it likes at objects that are none.
final class RoomToken {

  private static final int MAX_LENGTH = 8 * 1024;
  // The year 10000: no clock comes that far, and not every library.
  private static final double END_OF_TIME = 253_402_300_800.0;

  private RoomToken() {}

  /// Whether it is a JWT by HS256, in its one spelling, of JSON objects, without extensions that it
  /// says must be understood, and whose times are in the calendar.
  static boolean isWellFormed(String token) {
    List<String> parts = List.of(token.split("\\.", -1));
    if (token.length() > MAX_LENGTH
        || parts.size() != 3
        || !parts.stream().allMatch(RoomToken::isCanonical)) {
      return false;
    }
    try {
      JsonNode header = Json.parse(Base64.getUrlDecoder().decode(parts.get(0)));
      JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(parts.get(1)));
      return header.isObject()
          && header.path("alg").asText().equals("HS256")
          && !header.has("crit")
          && claims.isObject()
          && isTime(claims.path("exp"))
          && (!claims.has("nbf") || isTime(claims.path("nbf")))
          && (!claims.has("iat") || isTime(claims.path("iat")));
    } catch (MalformedJson e) {
      return false;
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
