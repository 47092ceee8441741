package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an event's `meta` shows of what a tool was sent or has answered: the value itself when it
/// fits, else its size.
final class Shown {

  private static final Logger LOG = LoggerFactory.getLogger(Shown.class);

  // What a step shows of a tool's input or output. The result itself may be as long as an event.
  private static final int MAX_SHOWN_BYTES = 64 * 1024;
  // Around a member of `meta` there are `meta` and the event.
  private static final int MAX_SHOWN_DEPTH = Json.MAX_DEPTH - 2;

  /// How long a text may be that an event or a message has, in bytes of UTF-8.
  static final int MAX_TEXT_BYTES = 64 * 1024;

  private Shown() {}

  static int textBytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// How many bytes of JSON that is; -1 when it cannot be written.
  static int size(Object value) {
    try {
      return Json.encode(value).length;
    } catch (RuntimeException e) {
      LOG.debug("this cannot be written", e);
      return -1;
    }
  }

  static void show(ObjectNode meta, @Nullable JsonNode value, String... names) {
    if (value == null) {
      return;
    }
    int bytes = size(value);
    boolean fits = fits(value, bytes, MAX_SHOWN_BYTES);
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

  /// What stands for a member that was left out.
  static void putSize(ObjectNode meta, String name, int bytes) {
    if (bytes >= 0) {
      meta.put(name + "_bytes", bytes);
    } else {
      meta.withArray("left_out").add(name);
    }
  }
}
