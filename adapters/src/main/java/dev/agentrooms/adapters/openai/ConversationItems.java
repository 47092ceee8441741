package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A session as a list of items: each run's question, its calls, and its answer.
final class ConversationItems {

  /// @param after id of the last item that the reader has; null for none
  record Wanted(boolean isOldestFirst, int limit, @Nullable String after) {}

  private record Question(String runId, String text) {}

  private final AgentApi agent;
  private final Responses responses;

  ConversationItems(AgentApi agent, Responses responses) {
    this.agent = agent;
    this.responses = responses;
  }

  CompletionStage<ObjectNode> read(String sessionId, Wanted wanted) {
    return questions(sessionId)
        .thenCompose(
            questions -> {
              if (!wanted.isOldestFirst()) {
                Collections.reverse(questions);
              }
              List<Question> from = from(questions, wanted.after());
              return page(sessionId, wanted, from, 0, new ArrayList<>());
            })
        .thenApply(items -> list(items, wanted));
  }

  private CompletionStage<List<Question>> questions(String sessionId) {
    return agent
        .conversation(sessionId, null)
        .thenApply(
            messages -> {
              List<Question> questions = new ArrayList<>();
              for (JsonNode message : messages) {
                if (message.path("role").asText().equals("user")) {
                  questions.add(
                      new Question(message.path("run_id").asText(), message.path("text").asText()));
                }
              }
              return questions;
            });
  }

  private static boolean isOf(String runId, String itemId) {
    return itemId.equals(Items.questionId(runId))
        || itemId.equals(Items.answerId(runId))
        || itemId.startsWith(Items.callId(runId) + ".")
        || itemId.startsWith(runId + ".");
  }

  /// The runs from that of which `after` is an item.
  private static List<Question> from(List<Question> questions, @Nullable String after) {
    if (after == null) {
      return questions;
    }
    for (int i = 0; i < questions.size(); i++) {
      if (isOf(questions.get(i).runId(), after)) {
        return questions.subList(i, questions.size());
      }
    }
    throw new InvalidField("after", "there is no such item");
  }

  private CompletionStage<List<JsonNode>> page(
      String sessionId, Wanted wanted, List<Question> questions, int at, List<JsonNode> found) {
    if (at == questions.size() || found.size() > wanted.limit()) {
      return CompletableFuture.completedFuture(found);
    }
    Question question = questions.get(at);
    return responses
        .output(new ResponseId(sessionId, question.runId()))
        .thenCompose(
            output -> {
              List<JsonNode> items = new ArrayList<>();
              items.add(Items.question(question.runId(), question.text()));
              output.forEach(items::add);
              if (!wanted.isOldestFirst()) {
                Collections.reverse(items);
              }
              found.addAll(at == 0 ? behind(items, wanted.after()) : items);
              return page(sessionId, wanted, questions, at + 1, found);
            });
  }

  private static List<JsonNode> behind(List<JsonNode> items, @Nullable String after) {
    if (after == null) {
      return items;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).path("id").asText().equals(after)) {
        return items.subList(i + 1, items.size());
      }
    }
    throw new InvalidField("after", "there is no such item");
  }

  private static ObjectNode list(List<JsonNode> items, Wanted wanted) {
    boolean hasMore = items.size() > wanted.limit();
    ArrayNode data = Json.mapper().createArrayNode();
    items.stream().limit(wanted.limit()).forEach(data::add);
    return Items.list(data, hasMore);
  }
}
