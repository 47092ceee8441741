package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.protocol.Json;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The runs of a thread, the newest first.
final class RunList {

  private static final int MOST = 100;

  /// Which runs are wanted.
  ///
  /// @param status in LangGraph's words; null for any
  record Wanted(int limit, int offset, @Nullable String status) {
    Wanted {
      limit = Math.min(limit, MOST);
    }

    boolean includes(ObjectNode run) {
      return status == null || status.equals(run.path("status").asText());
    }
  }

  private final AgentApi agent;
  private final Conversations conversations;

  RunList(AgentApi agent) {
    this.agent = agent;
    this.conversations = new Conversations(agent);
  }

  CompletionStage<ArrayNode> of(String threadId, Wanted wanted) {
    return conversations
        .all(threadId)
        .thenCompose(
            told ->
                read(
                    threadId,
                    Conversations.runs(told).reversed().iterator(),
                    wanted,
                    wanted.offset(),
                    Json.mapper().createArrayNode()));
  }

  private CompletionStage<ArrayNode> read(
      String threadId, Iterator<String> left, Wanted wanted, int skip, ArrayNode found) {
    if (!left.hasNext() || found.size() >= wanted.limit()) {
      return CompletableFuture.completedFuture(found);
    }
    if (wanted.status() == null && skip > 0) {
      left.next();
      return read(threadId, left, wanted, skip - 1, found);
    }
    return agent
        .run(threadId, left.next())
        .thenCompose(
            answer -> {
              int skipped = 0;
              JsonNode view = answer.found();
              if (view != null) {
                ObjectNode run = Views.run(view, null);
                if (wanted.includes(run) && skip > 0) {
                  skipped = 1;
                } else if (wanted.includes(run)) {
                  found.add(run);
                }
              }
              return read(threadId, left, wanted, skip - skipped, found);
            });
  }
}
