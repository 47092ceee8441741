package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What comes next in a run of a declared workflow.
public sealed interface NextStep {

  record Call(Step step, String tool, JsonNode arguments) implements NextStep {}

  /// The step gives JSON's null.
  record Skip(Step step) implements NextStep {}

  record Finish(JsonNode result) implements NextStep {}

  /// @param step what failed; null when it was the making of the result. The run fails with it
  /// unless the step says [Step.OnError#CONTINUE]
  record Fail(@Nullable Step step, ToolResult.Reason reason, String detail) implements NextStep {}
}
