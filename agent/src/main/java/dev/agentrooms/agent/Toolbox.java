package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.agent.session.ToolResult;
import java.util.concurrent.CompletionStage;

/// Where a session finds its tools. A port: HTTP services stand behind it.
interface Toolbox {

  /// Starts one attempt and returns at once.
  Attempt call(ToolCall call);

  /// @param name of the call, the same for each of its attempts
  /// @param traceparent W3C trace context of this attempt
  record ToolCall(
      Tool tool, String sessionId, String runId, String name, String traceparent, JsonNode input) {}

  /// An attempt under way.
  interface Attempt {

    /// Completes, never exceptionally, once the tool has ended: with its result or, after
    /// [#cancel()], once it has let go.
    CompletionStage<ToolResult> ended();

    /// Tells the tool to stop. May be called at any time and more than once.
    void cancel();
  }
}
