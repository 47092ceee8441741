package dev.agentrooms.tools;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tools that come and go while the server runs.
public interface ToolSource {

  Optional<Tool> find(String name);

  /// Those that are known at the moment.
  List<Tool> all();

  /// Why nothing is known yet of tools that one of these names or patterns speaks of; null when
  /// there is no such source.
  default ToolResult.@Nullable Failed missing(Collection<String> patterns) {
    return null;
  }
}
