package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Conversation.Message;
import java.util.List;

/// One attempt at a tool call, as the client sends it.
///
/// @param name id of the call, such as `r1.retrieval.1`, the same for all attempts: the
///     `Idempotency-Key`
/// @param traceparent W3C trace context of this attempt
/// @param scope the values for the tool's templates, besides the arguments
/// @param conversation the session's questions and answers, this run's question last; empty for
///     tools that do not take it
/// @param hidden what tools keep with the session
public record ToolCall(
    Tool tool,
    String name,
    String traceparent,
    JsonNode arguments,
    Scope scope,
    List<Message> conversation,
    Hidden hidden) {

  public ToolCall {
    conversation = List.copyOf(conversation);
  }

  public ToolCall(Tool tool, String name, String traceparent, JsonNode arguments, Scope scope) {
    this(tool, name, traceparent, arguments, scope, List.of(), Hidden.NONE);
  }

  public ToolCall with(List<Message> messages) {
    return new ToolCall(tool, name, traceparent, arguments, scope, messages, hidden);
  }

  public ToolCall with(Hidden kept) {
    return new ToolCall(tool, name, traceparent, arguments, scope, conversation, kept);
  }

  public String sessionId() {
    return scope.sessionId();
  }

  public String runId() {
    return scope.runId();
  }
}
