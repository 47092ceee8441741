package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What tools keep with a session and nobody sees, such as the key of an exam: values by name.
///
/// They are recorded with the session and end with it; of very many, the oldest go. No event,
/// result, view or log line has them; [#toString] says how many there are.
///
/// @param values in the order in which they came
public record Hidden(Map<String, JsonNode> values) {

  public static final Hidden NONE = new Hidden(Map.of());

  /// How many a session keeps, so that its memory is bounded.
  public static final int MOST = 500;

  public Hidden {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
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

  /// These values and `more`, which replace those of the same name; of too many, the latest.
  public Hidden and(Hidden more) {
    if (more.isEmpty()) {
      return this;
    }
    SequencedMap<String, JsonNode> all = new LinkedHashMap<>(values);
    more.values.forEach(all::putLast);
    while (all.size() > MOST) {
      all.pollFirstEntry();
    }
    return new Hidden(all);
  }

  @Override
  public String toString() {
    return "Hidden[" + values.size() + "]";
  }
}
