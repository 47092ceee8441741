package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What comes next in a run of a declared workflow.
public sealed interface NextStep {

  record Call(Step step, String tool, JsonNode arguments) implements NextStep {}

  record Ask(Step step, InputRequest request) implements NextStep {}

  /// Skip the step; its output is JSON's null.
  record Skip(Step step) implements NextStep {}

  record Finish(JsonNode result) implements NextStep {}

  /// @param step the step that failed; null when the result could not be made. The run fails
  ///     unless the step has [Step.OnError#CONTINUE]
  record Fail(@Nullable Step step, ToolResult.Reason reason, String detail) implements NextStep {}
}
