package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Checks on whole JSON values.
final class Trees {

  private Trees() {}

  /// Whether every string in it, names included, can be written as UTF-8.
  static boolean isWellFormed(JsonNode value) {
    if (value.isTextual()) {
      return Text.isWellFormed(value.textValue());
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        if (!Text.isWellFormed(member.getKey()) || !isWellFormed(member.getValue())) {
          return false;
        }
      }
      return true;
    }
    for (JsonNode element : value) {
      if (!isWellFormed(element)) {
        return false;
      }
    }
    return true;
  }
}
