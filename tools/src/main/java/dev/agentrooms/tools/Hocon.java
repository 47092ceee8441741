package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.agentrooms.protocol.Json;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Orders HOCON values by their lines in the file, because the library does not keep the order.
final class Hocon {

  private Hocon() {}

  static List<Map.Entry<String, ConfigValue>> members(ConfigObject object) {
    Comparator<Map.Entry<String, ConfigValue>> byLine =
        Comparator.comparingInt(member -> member.getValue().origin().lineNumber());
    return object.entrySet().stream()
        .sorted(byLine.thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }

  static JsonNode json(ConfigValue value) {
    return switch (value) {
      case ConfigObject object -> {
        ObjectNode json = Json.object();
        members(object).forEach(member -> json.set(member.getKey(), json(member.getValue())));
        yield json;
      }
      case ConfigList list -> {
        ArrayNode json = Json.mapper().createArrayNode();
        list.forEach(element -> json.add(json(element)));
        yield json;
      }
      default -> Json.mapper().valueToTree(value.unwrapped());
    };
  }

  static boolean isDeeper(ConfigValue value, int depth) {
    Collection<ConfigValue> within =
        switch (value) {
          case ConfigObject object -> object.values();
          case ConfigList list -> list;
          default -> List.of();
        };
    return depth < 0 || within.stream().anyMatch(each -> isDeeper(each, depth - 1));
  }
}
