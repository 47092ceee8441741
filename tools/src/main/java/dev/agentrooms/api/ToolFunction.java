package dev.agentrooms.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// The work of a tool, on a virtual thread of its own, which may wait.
@FunctionalInterface
public interface ToolFunction {

  /// @param arguments as the tool's schema wants them
  /// @return the result: JSON, a text, a number, a map, a list or a record
  /// @throws Exception whose message is shown as the reason why the step failed
  @Nullable Object call(JsonNode arguments, ToolContext context) throws Exception;
}
