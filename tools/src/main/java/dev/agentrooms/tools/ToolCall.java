package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;

/// One attempt at a tool call, as the client sends it.
///
/// @param name id of the call, such as `r1.retrieval.1`, the same for all attempts: the
///     `Idempotency-Key`
/// @param traceparent W3C trace context of this attempt
/// @param scope the values for the tool's templates, besides the arguments
public record ToolCall(
    Tool tool, String name, String traceparent, JsonNode arguments, Scope scope) {

  public String sessionId() {
    return scope.sessionId();
  }

  public String runId() {
    return scope.runId();
  }
}
