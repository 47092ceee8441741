package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Threads: made, found, deleted. A thread is a session, and so is one that has no run yet.
final class ThreadRoutes extends LangGraphEdge {

  private static final int AT_ONCE = 200;
  private static final int MOST = 1000;

  private final ThreadStates states = new ThreadStates(agent);

  ThreadRoutes(Doors doors) {
    super(doors);
  }

  Route make() {
    return object(
        body -> {
          Refusal unsupported =
              body.path("supersteps").isEmpty() ? null : Refusal.unsupported("supersteps");
          JsonNode given = body.path("thread_id");
          if (unsupported != null) {
            return refuse(unsupported);
          }
          boolean keeps = body.path("if_exists").asText("raise").equals("do_nothing");
          return given.isTextual()
              ? thread(given.textValue(), (id, until) -> answered(made(id, keeps)))
              : unnamed(() -> answered(made(UUID.randomUUID().toString(), keeps)));
        });
  }

  private CompletionStage<HttpResponse> made(String threadId, boolean keeps) {
    return agent
        .open(threadId)
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Refused(Refusal why) ->
                      CompletableFuture.completedFuture(refusedAs(why));
                  case Answer.Done(int status, JsonNode _) ->
                      status == 200 && !keeps
                          ? CompletableFuture.completedFuture(
                              refused(
                                  Refusal.of(
                                      409,
                                      "Thread exists",
                                      "There is a thread " + threadId + " already.",
                                      "thread_id")))
                          : read(threadId);
                });
  }

  private CompletionStage<HttpResponse> read(String threadId) {
    return states.thread(threadId).thenApply(found -> answer(found, LangGraphEdge::json));
  }

  /// What is at `/threads/{thread_id}`.
  Route one(String segment) {
    return concat(
        get(() -> thread(segment, (id, until) -> answered(read(id)))),
        patch(() -> thread(segment, (id, until) -> object(body -> changed(id, body)))),
        delete(
            () ->
                thread(
                    segment,
                    (id, until) ->
                        answered(
                            agent
                                .delete(id)
                                .thenApply(gone -> answer(gone, body -> status(204)))))));
  }

  // Nothing of a thread can be changed but by its runs.
  private Route changed(String threadId, JsonNode body) {
    ObjectNode metadata = metadata(body);
    return metadata.isEmpty() ? answered(read(threadId)) : refuse(Refusal.unsupported("metadata"));
  }

  private static ObjectNode metadata(JsonNode body) {
    ObjectNode metadata =
        body.path("metadata") instanceof ObjectNode given ? given.deepCopy() : Json.object();
    metadata.remove(List.of("graph_id", "assistant_id"));
    return metadata;
  }

  Route state(String segment) {
    return get(
        () ->
            thread(
                segment,
                (id, until) ->
                    answered(
                        states.now(id).thenApply(found -> answer(found, LangGraphEdge::json)))));
  }

  Route state(String segment, String checkpoint) {
    String runId = runId(checkpoint);
    return get(
        () ->
            thread(
                segment,
                (id, until) ->
                    answered(
                        states
                            .history(id, runId, 1, true)
                            .thenApply(
                                found ->
                                    answer(
                                        found,
                                        list ->
                                            list.isEmpty()
                                                ? refused(
                                                    Refusal.notFound(
                                                        "The thread has no checkpoint "
                                                            + runId
                                                            + "."))
                                                : json(list.get(0)))))));
  }

  Route history(String segment) {
    return post(
        () ->
            thread(
                segment,
                (id, until) ->
                    object(
                        body -> {
                          int limit = bounded(body, "limit", 10, MOST);
                          return answered(
                              states
                                  .history(id, before(body.path("before")), limit, false)
                                  .thenApply(found -> answer(found, LangGraphEdge::json)));
                        })));
  }

  /// The checkpoint before which states are wanted, in each of the forms that clients send.
  private static @Nullable String before(JsonNode before) {
    if (before.isTextual()) {
      return before.textValue();
    }
    JsonNode id =
        before.has("configurable")
            ? before.at("/configurable/checkpoint_id")
            : before.path("checkpoint_id");
    return id.isTextual() ? id.textValue() : null;
  }

  Route search() {
    return object(
        body -> {
          if (!metadata(body).isEmpty()) {
            return refuse(Refusal.unsupported("metadata"));
          }
          if (!body.path("values").isEmpty()) {
            return refuse(Refusal.unsupported("values"));
          }
          if (!Set.of("", "updated_at", "state_updated_at")
              .contains(body.path("sort_by").asText(""))) {
            return refuse(Refusal.unsupported("sort_by"));
          }
          if (body.path("sort_order").asText("desc").equalsIgnoreCase("asc")) {
            return refuse(Refusal.unsupported("sort_order"));
          }
          int limit = bounded(body, "limit", 10, MOST);
          int offset = bounded(body, "offset", 0, Integer.MAX_VALUE);
          String status = body.path("status").asText("");
          List<String> ids = new ArrayList<>();
          body.path("ids").forEach(id -> ids.add(id.asText()));
          Wanted wanted = new Wanted(status, ids, offset, limit);
          return unnamed(
              () ->
                  answered(
                      page(null, wanted, 0, Json.mapper().createArrayNode())
                          .thenApply(LangGraphEdge::json)));
        });
  }

  /// Which threads a search is for.
  private record Wanted(String status, List<String> ids, int offset, int limit) {

    boolean includes(JsonNode session) {
      return (status.isEmpty() || status.equals(Views.threadStatus(session)))
          && (ids.isEmpty() || ids.contains(session.path("session_id").asText()));
    }
  }

  private CompletionStage<ArrayNode> page(
      @Nullable String after, Wanted wanted, int seen, ArrayNode found) {
    return agent
        .sessions(AT_ONCE, after)
        .thenCompose(
            answer -> {
              JsonNode page = answer.found();
              if (page == null) {
                return CompletableFuture.completedFuture(found);
              }
              int fitting = seen;
              for (JsonNode session : page.path("sessions")) {
                if (wanted.includes(session)) {
                  fitting++;
                  if (fitting > wanted.offset() && found.size() < wanted.limit()) {
                    found.add(Views.thread(session, null));
                  }
                }
              }
              JsonNode next = page.path("next");
              return next.isTextual() && found.size() < wanted.limit()
                  ? page(next.textValue(), wanted, fitting, found)
                  : CompletableFuture.completedFuture(found);
            });
  }
}
