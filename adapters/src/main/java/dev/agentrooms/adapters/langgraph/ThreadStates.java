package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A thread's state, now and as each of its runs has left it.
final class ThreadStates {

  private final AgentApi agent;
  private final Conversations conversations;

  ThreadStates(AgentApi agent) {
    this.agent = agent;
    this.conversations = new Conversations(agent);
  }

  CompletionStage<Answer> thread(String threadId) {
    return of(
        threadId, (session, told) -> Views.thread(session, values(session.path("last_run"), told)));
  }

  CompletionStage<Answer> now(String threadId) {
    return of(
        threadId,
        (session, told) -> {
          JsonNode last = session.path("last_run");
          List<String> ended = Conversations.ended(told);
          JsonNode asked = session.path("waiting_for");
          return Views.state(
              threadId,
              values(last, told),
              last.isObject() ? last : null,
              before(ended, last.path("run_id").asText()),
              ended.size(),
              asked.isObject() ? asked : null);
        });
  }

  private interface View {
    ObjectNode of(JsonNode session, List<JsonNode> told);
  }

  private CompletionStage<Answer> of(String threadId, View view) {
    return agent
        .session(threadId)
        .thenCompose(
            session ->
                switch (session) {
                  case Answer.Refused refused -> CompletableFuture.<Answer>completedFuture(refused);
                  case Answer.Done(int status, JsonNode found) ->
                      conversations
                          .all(threadId)
                          .thenApply(told -> new Answer.Done(status, view.of(found, told)));
                });
  }

  private static ObjectNode values(JsonNode run, List<JsonNode> told) {
    return values(run, Conversations.messages(told));
  }

  private static ObjectNode values(JsonNode run, ArrayNode messages) {
    ObjectNode values = Json.object();
    values.set("messages", messages);
    if (run.isObject()) {
      if (run.hasNonNull("result")) {
        values.set("result", run.path("result"));
      }
      values.set("run_id", run.path("run_id"));
    }
    return values;
  }

  private static @Nullable String before(List<String> runs, String runId) {
    int place = runs.indexOf(runId);
    return place < 1 ? null : runs.get(place - 1);
  }

  /// States, the newest first.
  ///
  /// @param from only those before this run, or from it on
  CompletionStage<Answer> history(
      String threadId, @Nullable String from, int limit, boolean including) {
    return agent
        .session(threadId)
        .thenCompose(
            session ->
                session instanceof Answer.Refused(Refusal _)
                    ? CompletableFuture.<Answer>completedFuture(session)
                    : conversations
                        .all(threadId)
                        .thenCompose(told -> states(threadId, told, from, limit, including))
                        .thenApply(states -> new Answer.Done(200, states)));
  }

  private CompletionStage<ArrayNode> states(
      String threadId, List<JsonNode> told, @Nullable String from, int limit, boolean including) {
    List<String> ended = Conversations.ended(told);
    int end = ended.size();
    if (from != null) {
      int place = ended.indexOf(from);
      end = place < 0 ? 0 : including ? place + 1 : place;
    }
    return states(threadId, told, ended, end - 1, Math.max(0, end - limit), Messages.none());
  }

  private CompletionStage<ArrayNode> states(
      String threadId, List<JsonNode> told, List<String> ended, int at, int last, ArrayNode found) {
    if (at < last) {
      return CompletableFuture.completedFuture(found);
    }
    String runId = ended.get(at);
    return agent
        .run(threadId, runId)
        .thenCompose(
            answer -> {
              JsonNode run = answer.found();
              if (run != null) {
                ArrayNode messages = Conversations.upTo(told, Messages.answerId(runId));
                found.add(
                    Views.state(
                        threadId, values(run, messages), run, before(ended, runId), at + 1, null));
              }
              return states(threadId, told, ended, at - 1, last, found);
            });
  }
}
