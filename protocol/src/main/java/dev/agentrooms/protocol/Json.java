package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
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
import org.jspecify.annotations.Nullable;

/// The one JSON mapper: `snake_case` names, ISO-8601 times, null members omitted.
///
/// Decimal numbers are read without loss of digits or exponent, so that `meta` is passed on
/// unchanged.
///
/// Data from outside is nested at most [#MAX_DEPTH] deep, so that recursion over it is bounded,
/// and it can still be encoded inside our own objects.
public final class Json {

  /// The deepest nesting of data from outside. The outermost array or object counts as 1: `[[0]]`
  /// is 2 deep.
  public static final int MAX_DEPTH = 100;

  // Room for an event in a list in a view, and a reserve.
  private static final int MAX_WRAPPING = 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(factory(MAX_DEPTH))
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
  private static final ObjectReader WRAPPED = TREES.with(factory(MAX_DEPTH + MAX_WRAPPING));

  private Json() {}

  public static ObjectMapper mapper() {
    return MAPPER;
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// Reads one JSON value from UTF-8 `bytes`.
  ///
  /// @throws MalformedJson when it is not exactly one JSON value, or nested too deep
  public static JsonNode parse(byte[] bytes) {
    return read(TREES, bytes);
  }

  /// Reads an answer of one of our servers, which is data from outside wrapped in the server's
  /// objects, and so may be deeper.
  ///
  /// @throws MalformedJson when it is not exactly one JSON value
  public static JsonNode parseAnswer(byte[] bytes) {
    return read(WRAPPED, bytes);
  }

  private static JsonNode read(ObjectReader reader, byte[] bytes) {
    // Jackson would detect other encodings, and accept invalid UTF-8.
    if (!isUtf8Text(bytes)) {
      throw new MalformedJson("It is not UTF-8 JSON.");
    }
    try (JsonParser parser = reader.createParser(bytes)) {
      return read(reader, parser);
    } catch (IOException e) {
      throw new MalformedJson("It cannot be read.");
    }
  }

  private static JsonNode read(ObjectReader reader, JsonParser parser) throws IOException {
    try {
      JsonNode node = reader.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw new MalformedJson("There is no JSON in it.");
      }
      return node;
    } catch (StreamConstraintsException e) {
      throw new MalformedJson(excess(parser) + at(parser.currentLocation()));
    } catch (JsonEOFException e) {
      throw new MalformedJson("It ends too early" + at(e.getLocation()));
    } catch (StreamReadException e) {
      throw new MalformedJson("It is not JSON" + at(e.getLocation()));
    } catch (JsonProcessingException e) {
      throw new MalformedJson("Something follows the JSON" + at(e.getLocation()));
    } catch (NumberFormatException e) {
      throw new MalformedJson("A number in it has too large an exponent.");
    } catch (StackOverflowError e) {
      // The bound on nesting should prevent this. If it happens all the same, only this input
      // fails.
      throw new MalformedJson("It cannot be read.");
    }
  }

  private static String excess(JsonParser parser) {
    StreamReadConstraints allowed = parser.streamReadConstraints();
    if (parser.getParsingContext().getNestingDepth() > allowed.getMaxNestingDepth()) {
      return "It is nested more than " + allowed.getMaxNestingDepth() + " deep";
    }
    return allowed.hasMaxTokenCount() && parser.currentTokenCount() > allowed.getMaxTokenCount()
        ? "It has more than " + allowed.getMaxTokenCount() + " brackets, names and values"
        : "A text or a number in it is too long";
  }

  /// Whether `value` is nested more than `depth` deep.
  public static boolean isDeeper(JsonNode value, int depth) {
    if (!value.isContainerNode()) {
      return false;
    }
    if (depth <= 0) {
      return true;
    }
    for (JsonNode element : value) {
      if (isDeeper(element, depth - 1)) {
        return true;
      }
    }
    return false;
  }

  /// Reads one JSON object from UTF-8 `bytes`.
  ///
  /// @throws MalformedJson when it is not JSON
  /// @throws InvalidField when it is some other JSON value
  public static Fields parseObject(byte[] bytes) {
    return Fields.of(parse(bytes));
  }

  /// Reads one JSON object from UTF-8 `bytes`, with a bound on its tokens.
  ///
  /// @param maxTokens how many brackets, names and values it may have
  /// @throws MalformedJson when it is not JSON, or has more
  /// @throws InvalidField when it is some other JSON value
  public static Fields parseObject(byte[] bytes, int maxTokens) {
    return Fields.of(parse(bytes, maxTokens));
  }

  /// Reads one JSON value from UTF-8 `bytes`, with a bound on its tokens: `[{},{},{}]` takes
  /// thirty times its length in memory.
  ///
  /// @param maxTokens how many brackets, names and values it may have
  /// @throws MalformedJson when it is not exactly one JSON value, nested too deep, or has more
  public static JsonNode parse(byte[] bytes, int maxTokens) {
    return read(
        TREES.with(
            factory(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(maxTokens))),
        bytes);
  }

  /// Encodes one of our own values as UTF-8 JSON.
  ///
  /// @throws UncheckedIOException when it cannot be encoded
  public static byte[] encode(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (StackOverflowError e) {
      // Fails the caller, and not the JVM.
      throw new UncheckedIOException(new IOException("nested too deep to be written", e));
    }
  }

  private static JsonFactory factory(int maxDepth) {
    return factory(StreamReadConstraints.builder().maxNestingDepth(maxDepth));
  }

  private static JsonFactory factory(StreamReadConstraints.Builder bounds) {
    return JsonFactory.builder().streamReadConstraints(bounds.build()).build();
  }

  // UTF-16 and UTF-32 have zero bytes; JSON in UTF-8 never has.
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

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? "."
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ").";
  }
}
