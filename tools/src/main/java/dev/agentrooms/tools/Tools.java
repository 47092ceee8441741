package dev.agentrooms.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All tools, by name: those that are declared, and those of a source beside them.
public final class Tools {

  public static final Tools NONE = new Tools(Map.of());

  private final Map<String, Tool> byName;
  private final @Nullable ToolSource source;

  private Tools(Map<String, Tool> byName) {
    this(byName, null);
  }

  private Tools(Map<String, Tool> byName, @Nullable ToolSource source) {
    this.byName = byName;
    this.source = source;
  }

  /// These tools, and those of `others` that have other names.
  public Tools alsoFrom(ToolSource others) {
    return new Tools(byName, others);
  }

  /// Those that come and go.
  public List<Tool> others() {
    return source == null ? List.of() : source.all();
  }

  ToolResult.@Nullable Failed missing(Collection<String> patterns) {
    return source == null ? null : source.missing(patterns);
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
    Tool tool = byName.get(name);
    return tool == null && source != null ? source.find(name) : Optional.ofNullable(tool);
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

  /// These tools, some of them in another form.
  public Tools with(UnaryOperator<Tool> form) {
    return new Tools(of(byName.values().stream().map(form).toList()).byName, source);
  }

  /// These tools and `others`.
  public Tools and(Collection<Tool> others) {
    if (others.isEmpty()) {
      return this;
    }
    List<Tool> all = new ArrayList<>(byName.values());
    all.addAll(others);
    return new Tools(of(all).byName, source);
  }
}
