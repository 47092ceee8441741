package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.langgraph.Shown.Kind;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a subscription to a thread is for.
///
/// @param ofRoot whether its namespaces include the root, where all of ours is
/// @param since only what has a later number; null for the newest run from its first event
record ThreadFilter(Set<String> channels, boolean ofRoot, @Nullable Long since) {

  private static final String PROGRESS = "progress";

  ThreadFilter {
    channels = Set.copyOf(channels);
  }

  /// @throws InvalidField naming what is wrong
  static ThreadFilter of(JsonNode asked) {
    JsonNode given = asked.path("channels");
    if (!given.isArray() || given.isEmpty()) {
      throw new InvalidField("channels", "channels must be a list of names.");
    }
    Set<String> channels = new LinkedHashSet<>();
    for (JsonNode each : given) {
      if (!each.isTextual()) {
        throw new InvalidField("channels", "channels must be a list of names.");
      }
      channels.add(each.textValue());
    }
    JsonNode since = asked.path("since");
    if (!since.isMissingNode() && !since.isNull() && !since.canConvertToLong()) {
      throw new InvalidField("since", "since must be the seq of an event.");
    }
    return new ThreadFilter(
        channels, isOfRoot(asked.path("namespaces")), since.isNumber() ? since.longValue() : null);
  }

  private static boolean isOfRoot(JsonNode namespaces) {
    if (!namespaces.isArray() || namespaces.isEmpty()) {
      return true;
    }
    for (JsonNode namespace : namespaces) {
      if (namespace.isArray() && namespace.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  boolean includes(Shown shown) {
    return ofRoot
        && switch (shown.kind()) {
          case CUSTOM -> channels.contains("custom") || channels.contains("custom:" + PROGRESS);
          case STARTED, ENDED -> channels.contains("lifecycle");
          case VALUES -> channels.contains("values");
          case UPDATES -> channels.contains("updates");
          case MESSAGE -> channels.contains("messages");
          case TOOL -> channels.contains("tools");
          case ASKED, ANSWERED -> channels.contains("input");
          case METADATA, CHUNK, ERROR, END -> false;
        };
  }

  /// The thing as an event of the thread stream.
  static ObjectNode event(Shown shown) {
    ObjectNode event =
        Json.object()
            .put("type", "event")
            .put("event_id", shown.id())
            .put("seq", shown.number())
            .put("method", method(shown.kind()));
    ObjectNode params = event.putObject("params");
    params.putArray("namespace");
    params.put("timestamp", shown.at());
    params.set("data", data(shown));
    return event;
  }

  static String method(Kind kind) {
    return switch (kind) {
      case STARTED, ENDED -> "lifecycle";
      case VALUES -> "values";
      case UPDATES -> "updates";
      case MESSAGE -> "messages";
      case TOOL -> "tools";
      case ASKED -> "input.requested";
      case ANSWERED -> "input.answered";
      case CUSTOM, METADATA, CHUNK, ERROR, END -> "custom";
    };
  }

  private static JsonNode data(Shown shown) {
    return switch (shown.kind()) {
      case CUSTOM -> Json.object().put("name", PROGRESS).set("payload", shown.data());
      case UPDATES -> Json.object().put("node", Views.NODE).set("values", shown.data());
      case METADATA, STARTED, VALUES, CHUNK, MESSAGE, TOOL, ASKED, ANSWERED, ERROR, ENDED, END ->
          shown.data();
    };
  }
}
