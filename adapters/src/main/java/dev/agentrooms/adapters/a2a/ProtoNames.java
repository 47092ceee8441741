package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.Locale;
import java.util.Set;

/// The two names of a member in JSON that stands for a protocol buffer: `pageSize`, and `page_size`
/// as in the `.proto` file. Readers take either.
final class ProtoNames {

  // Members that are buffers themselves; others hold what is the caller's own.
  private static final Set<String> BUFFERS = Set.of("message", "configuration");

  private ProtoNames() {}

  static ObjectNode asInJson(ObjectNode buffer) {
    ObjectNode named = Json.object();
    buffer
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              named.set(
                  camelCase(member.getKey()),
                  value instanceof ObjectNode inner && BUFFERS.contains(member.getKey())
                      ? asInJson(inner)
                      : value);
            });
    return named;
  }

  private static String camelCase(String name) {
    StringBuilder all = new StringBuilder();
    for (String word : name.split("_", -1)) {
      all.append(
          all.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return all.toString();
  }
}
