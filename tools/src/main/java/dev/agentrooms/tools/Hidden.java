package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What tools keep with a session and nobody sees, such as the key of an exam: values by name.
///
/// They are recorded with the session and end with it. No event, result, view or log line has
/// them; [#toString] says how many there are.
public record Hidden(Map<String, JsonNode> values) {

  public static final Hidden NONE = new Hidden(Map.of());

  public Hidden {
    values = Map.copyOf(values);
  }

  public static Hidden of(String name, JsonNode value) {
    return new Hidden(Map.of(name, value));
  }

  public Optional<JsonNode> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// These values and `more`, which replace those of the same name.
  public Hidden and(Hidden more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(values);
    all.putAll(more.values);
    return new Hidden(all);
  }

  @Override
  public String toString() {
    return "Hidden[" + values.size() + "]";
  }
}
