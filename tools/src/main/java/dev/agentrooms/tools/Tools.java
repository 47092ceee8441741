package dev.agentrooms.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All tools, by name.
public final class Tools {

  public static final Tools NONE = new Tools(Map.of());

  private final Map<String, Tool> byName;

  private Tools(Map<String, Tool> byName) {
    this.byName = byName;
  }

  /// @throws IllegalArgumentException when two have the same name
  public static Tools of(Collection<Tool> tools) {
    Map<String, Tool> byName = new LinkedHashMap<>();
    for (Tool tool : tools) {
      if (byName.put(tool.name(), tool) != null) {
        throw new IllegalArgumentException("two tools are called " + tool.name());
      }
    }
    return new Tools(Collections.unmodifiableMap(byName));
  }

  public Optional<Tool> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// @throws IllegalArgumentException when there is no tool of that name
  public Tool get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no tool " + name));
  }

  public List<Tool> all() {
    return List.copyOf(byName.values());
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /// These tools and `others`.
  public Tools and(Collection<Tool> others) {
    if (others.isEmpty()) {
      return this;
    }
    List<Tool> all = new ArrayList<>(byName.values());
    all.addAll(others);
    return of(all);
  }
}
