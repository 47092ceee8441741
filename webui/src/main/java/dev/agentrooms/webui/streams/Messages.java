package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.store.StreamInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.util.ByteString;

/// The messages of a body, and back: a JSON stream has one for each value, and an array in a body
/// is as many values; of all others a body is one message.
final class Messages {

  private static final int MAX_TOKENS = 200_000;
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ByteString BEGIN = ByteString.fromString("[");
  private static final ByteString COMMA = ByteString.fromString(",");
  private static final ByteString END = ByteString.fromString("]");

  private Messages() {}

  /// @throws MalformedJson when it must be JSON and is none
  static List<byte[]> of(String contentType, byte[] body) {
    if (body.length == 0) {
      return List.of();
    }
    if (!StreamInfo.isJson(contentType)) {
      return List.of(body);
    }
    Json.parse(body, MAX_TOKENS);
    return values(body);
  }

  // Cut out as they were written, so that no number changes its digits.
  private static List<byte[]> values(byte[] json) {
    List<byte[]> values = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        values.add(value(json, parser));
        return values;
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(json, parser));
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] value(byte[] json, JsonParser parser) throws IOException {
    int begin = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    // A number ends where the blank behind it does.
    while (json[end - 1] <= ' ') {
      end--;
    }
    return Arrays.copyOfRange(json, begin, end);
  }

  /// What a reader gets of them.
  static ByteString joined(boolean isJson, List<byte[]> messages) {
    ByteString all = isJson ? BEGIN : ByteString.emptyByteString();
    boolean isFirst = true;
    for (byte[] message : messages) {
      all =
          isJson && !isFirst
              ? all.concat(COMMA).concat(ByteString.fromArrayUnsafe(message))
              : all.concat(ByteString.fromArrayUnsafe(message));
      isFirst = false;
    }
    return (isJson ? all.concat(END) : all).compact();
  }
}
