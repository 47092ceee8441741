package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// A digest of a JSON value's meaning: order of members, spelling of numbers (`1`, `1.0`, `1e0`)
/// and members that are `null` do not change it.
public final class Fingerprint {

  private Fingerprint() {}

  /// SHA-256 of the value's canonical form, as 64 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException when it is deeper than [Json] reads
  public static String of(JsonNode value) {
    MessageDigest digest = sha256();
    add(digest, value, Json.MAX_DEPTH);
    return HexFormat.of().formatHex(digest.digest());
  }

  /// SHA-256 of a text's UTF-8, as 64 hexadecimal digits.
  public static String of(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void add(MessageDigest digest, JsonNode value, int depth) {
    if (depth < 0) {
      throw new IllegalArgumentException("nested too deep");
    }
    switch (value.getNodeType()) {
      case OBJECT -> {
        Map<String, JsonNode> members = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
          if (!member.getValue().isNull()) {
            members.put(member.getKey(), member.getValue());
          }
        }
        mark(digest, 'o', members.size());
        members.forEach(
            (name, member) -> {
              text(digest, 'k', name);
              add(digest, member, depth - 1);
            });
      }
      case ARRAY -> {
        mark(digest, 'a', value.size());
        value.forEach(element -> add(digest, element, depth - 1));
      }
      case STRING -> text(digest, 's', value.textValue());
      case NUMBER -> text(digest, 'n', number(value.decimalValue()));
      case BOOLEAN, NULL, MISSING, BINARY, POJO -> text(digest, 'v', value.asText());
    }
  }

  // Unscaled value and scale rather than the plain form, which for 1e999999999 would not fit.
  private static String number(BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    return plain.unscaledValue() + "e" + -(long) plain.scale();
  }

  private static void text(MessageDigest digest, char kind, String text) {
    // UTF-16, since an unpaired surrogate has no UTF-8.
    ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
    bytes.asCharBuffer().put(text);
    mark(digest, kind, text.length());
    digest.update(bytes);
  }

  private static void mark(MessageDigest digest, char kind, int length) {
    digest.update((kind + Integer.toString(length) + ":").getBytes(StandardCharsets.US_ASCII));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
