package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
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

  private Shown() {}

  /// How many bytes of JSON that is; -1 when it cannot be written.
  static int size(Object value) {
    try {
      return Json.encode(value).length;
    } catch (RuntimeException e) {
      LOG.debug("this cannot be written", e);
      return -1;
    }
  }

  // The few figures that say at a glance what went in or came out.
  static void facts(Tool tool, @Nullable JsonNode value, ObjectNode meta) {
    if (value == null) {
      return;
    }
    switch (tool) {
      case RAG_SEARCH, RAG_ANSWER -> {
        copy(value, "top_k", meta);
        count(value, "chunks", meta);
      }
      case GENERATE_EXAM -> {
        copy(value, "num_questions", meta);
        count(value, "questions", meta);
      }
      case GRADE_EXAM -> {
        copy(value, "score", meta);
        copy(value, "max_score", meta);
      }
    }
  }

  private static void copy(JsonNode from, String name, ObjectNode to) {
    if (from.path(name).isNumber()) {
      to.set(name, from.get(name));
    }
  }

  private static void count(JsonNode from, String name, ObjectNode to) {
    if (from.path(name).isArray()) {
      to.put(name, from.get(name).size());
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
