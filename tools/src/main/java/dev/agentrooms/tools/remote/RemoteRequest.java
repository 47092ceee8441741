package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Conversation.Message;
import dev.agentrooms.protocol.Conversation.Role;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.RemoteAnswer;
import dev.agentrooms.tools.ToolCall;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a remote agent is sent. For AG-UI it is a `RunAgentInput`: the session is the thread, its
/// messages are the messages, and the run's input is `forwardedProps`.
final class RemoteRequest {

  private RemoteRequest() {}

  static ObjectNode agUi(ToolCall call) {
    ObjectNode body =
        Json.object()
            .put("threadId", call.sessionId())
            .put("runId", call.runId())
            .set("state", Json.object());
    ArrayNode messages = body.putArray("messages");
    for (Message message : call.conversation()) {
      messages
          .addObject()
          .put("id", message.id())
          .put("role", message.role() == Role.USER ? "user" : "assistant")
          .put("content", message.text() == null ? "" : message.text());
    }
    body.putArray("tools");
    ArrayNode context = body.putArray("context");
    call.scope()
        .steps()
        .forEach(
            (step, output) ->
                context
                    .addObject()
                    .put("description", "Output of the step " + step)
                    .put("value", output.toString()));
    body.set("forwardedProps", input(call));
    ArrayNode resume = Json.mapper().createArrayNode();
    for (RemoteAnswer answer : answers(call)) {
      ObjectNode entry = resume.addObject().put("interruptId", answer.inputId());
      entry.put("status", answer.isApproved() ? "resolved" : "cancelled");
      if (answer.isApproved() && answer.value() != null) {
        entry.set("payload", answer.value());
      }
    }
    if (!resume.isEmpty()) {
      body.set("resume", resume);
    }
    return body;
  }

  static ObjectNode ndjson(ToolCall call) {
    ObjectNode body =
        Json.object()
            .put("session_id", call.sessionId())
            .put("run_id", call.runId())
            .put("question", call.scope().question());
    body.set("input", input(call));
    ArrayNode messages = body.putArray("messages");
    for (Message message : call.conversation()) {
      messages
          .addObject()
          .put("id", message.id())
          .put("role", message.role() == Role.USER ? "user" : "assistant")
          .put("text", message.text() == null ? "" : message.text());
    }
    ObjectNode steps = body.putObject("steps");
    for (Map.Entry<String, JsonNode> step : call.scope().steps().entrySet()) {
      steps.set(step.getKey(), step.getValue());
    }
    for (RemoteAnswer answer : answers(call)) {
      ObjectNode resume = body.putObject("resume").put("input_id", answer.inputId());
      resume.put("decision", answer.isApproved() ? "approve" : "reject");
      resume.set("value", answer.value());
    }
    return body;
  }

  private static JsonNode input(ToolCall call) {
    @Nullable JsonNode input = call.scope().input();
    return input == null ? Json.object() : input;
  }

  private static List<RemoteAnswer> answers(ToolCall call) {
    return RemoteAnswer.all(call.arguments());
  }
}
