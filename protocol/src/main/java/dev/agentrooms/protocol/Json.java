package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The one JSON mapper: `snake_case` names, ISO-8601 times, nothing written for an absent value.
///
/// Decimal numbers keep every digit and any exponent, so that what a producer put into `meta` comes
/// out as it went in.
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private static final ObjectReader TREES = MAPPER.readerFor(JsonNode.class);

  private Json() {}

  public static ObjectMapper mapper() {
    return MAPPER;
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// Reads one JSON value from UTF-8 `bytes`.
  ///
  /// @throws MalformedJson when it is not exactly one JSON value
  public static JsonNode parse(byte[] bytes) {
    // Jackson would guess other encodings, and take byte sequences that UTF-8 does not allow.
    if (!isUtf8Text(bytes)) {
      throw new MalformedJson("It is not UTF-8 JSON.");
    }
    try {
      JsonNode node = TREES.readTree(bytes);
      if (node == null || node.isMissingNode()) {
        throw new MalformedJson("There is no JSON in it.");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new MalformedJson(where(e));
    } catch (IOException e) {
      throw new MalformedJson("It cannot be read.");
    } catch (NumberFormatException e) {
      throw new MalformedJson("A number in it has too large an exponent.");
    }
  }

  /// Reads one JSON object from UTF-8 `bytes`.
  ///
  /// @throws MalformedJson when it is not JSON
  /// @throws InvalidField when it is some other JSON value
  public static Fields parseObject(byte[] bytes) {
    return Fields.of(parse(bytes));
  }

  /// UTF-8 JSON of one of our own values.
  public static byte[] encode(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  // No JSON text has a zero byte; UTF-16 and UTF-32 do.
  private static boolean isUtf8Text(byte[] bytes) {
    boolean isAscii = true;
    for (byte b : bytes) {
      if (b == 0) {
        return false;
      }
      isAscii &= b > 0;
    }
    if (isAscii) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String where(JsonProcessingException e) {
    var at = e.getLocation();
    String first = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    // It quotes what it met, of which it may hold half a character.
    String what = Text.cut(Text.isWellFormed(first) ? first : "Unexpected character", 200);
    return at == null
        ? what
        : what + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
