package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a tool's input or output into an event's `meta`: the value if it fits, else its size.
final class Shown {

  private static final Logger LOG = LoggerFactory.getLogger(Shown.class);

  // Limit for input and output. The run's result may take up a whole event.
  private static final int MAX_SHOWN_BYTES = 64 * 1024;
  // A member of `meta` is two levels deep in the event.
  private static final int MAX_SHOWN_DEPTH = Json.MAX_DEPTH - 2;

  /// The longest text in an event or message, in bytes of UTF-8.
  static final int MAX_TEXT_BYTES = 64 * 1024;

  private static final int MAX_PARTIAL_BYTES = 16 * 1024;

  private Shown() {}

  /// The first 16 KiB of a text.
  static String start(String text) {
    int at = 0;
    int bytes = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > MAX_PARTIAL_BYTES) {
        return text.substring(0, at);
      }
      at += Character.charCount(c);
    }
    return text;
  }

  static int textBytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// Size of the value's JSON in bytes; -1 when it cannot be encoded.
  static int size(Object value) {
    try {
      return Json.encode(value).length;
    } catch (RuntimeException e) {
      LOG.debug("this cannot be written", e);
      return -1;
    }
  }

  static void show(ObjectNode meta, @Nullable JsonNode value, String... names) {
    show(meta, value, MAX_SHOWN_BYTES, names);
  }

  static void show(ObjectNode meta, @Nullable JsonNode value, int maxBytes, String... names) {
    if (value == null) {
      return;
    }
    int bytes = size(value);
    boolean fits = fits(value, bytes, maxBytes);
    for (String name : names) {
      if (fits) {
        meta.set(name, value);
      } else {
        putSize(meta, name, bytes);
      }
    }
  }

  static boolean fits(JsonNode value, int bytes, int maxBytes) {
    return bytes >= 0 && bytes <= maxBytes && !Json.isDeeper(value, MAX_SHOWN_DEPTH);
  }

  /// Records the size of a member that was left out, as `NAME_bytes`.
  static void putSize(ObjectNode meta, String name, int bytes) {
    if (bytes >= 0) {
      meta.put(name + "_bytes", bytes);
    } else {
      meta.withArray("left_out").add(name);
    }
  }
}
