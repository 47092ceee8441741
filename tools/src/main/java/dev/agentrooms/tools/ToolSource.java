package dev.agentrooms.tools;

import java.util.List;
import java.util.Optional;

/// Tools that come and go while the server runs.
public interface ToolSource {

  Optional<Tool> find(String name);

  /// Those that are known at the moment.
  List<Tool> all();
}
