package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentrooms.adapters.AgentApi;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What was asked and answered in a thread.
final class Conversations {

  private final AgentApi agent;

  Conversations(AgentApi agent) {
    this.agent = agent;
  }

  /// The native conversation, oldest message first; nothing when it cannot be read.
  CompletionStage<List<JsonNode>> all(String threadId) {
    return agent.conversation(threadId, null);
  }

  /// The thread's messages up to a run's question, which is the last; none when it is not there.
  CompletionStage<ArrayNode> upToQuestion(String threadId, String runId) {
    return all(threadId).thenApply(told -> upTo(told, Messages.questionId(runId)));
  }

  /// The messages up to the one of this id.
  static ArrayNode upTo(List<JsonNode> told, String id) {
    ArrayNode messages = Messages.none();
    for (JsonNode each : told) {
      JsonNode message = Messages.of(each);
      if (message.isObject()) {
        messages.add(message);
      }
      if (each.path("id").asText().equals(id)) {
        return messages;
      }
    }
    return Messages.none();
  }

  static ArrayNode messages(List<JsonNode> told) {
    ArrayNode messages = Messages.none();
    told.stream().map(Messages::of).filter(JsonNode::isObject).forEach(messages::add);
    return messages;
  }

  /// The thread's runs, in the order of their questions.
  static List<String> runs(List<JsonNode> told) {
    return told.stream()
        .filter(each -> each.path("role").asText().equals("user"))
        .map(each -> each.path("run_id").asText())
        .toList();
  }

  /// Those that have ended, in the same order.
  static List<String> ended(List<JsonNode> told) {
    return told.stream()
        .filter(each -> each.path("role").asText().equals("assistant"))
        .map(each -> each.path("run_id").asText())
        .toList();
  }
}
