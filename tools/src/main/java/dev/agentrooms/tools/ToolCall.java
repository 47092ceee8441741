package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;

/// One attempt at a tool.
///
/// @param name of the call, the same for each of its attempts: its `Idempotency-Key`
/// @param traceparent W3C trace context of this attempt
/// @param scope what the tool's templates may name besides its arguments
public record ToolCall(
    Tool tool, String name, String traceparent, JsonNode arguments, Scope scope) {

  public String sessionId() {
    return scope.sessionId();
  }

  public String runId() {
    return scope.runId();
  }
}
