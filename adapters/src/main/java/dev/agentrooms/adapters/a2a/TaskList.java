package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.a2a.Failure.Reason;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// `ListTasks`: a session's tasks, or those of the thousand sessions that were active last; the
/// newest first.
final class TaskList {

  private static final int SESSIONS = 1_000;
  private static final int SESSIONS_AT_ONCE = 200;
  private static final int MAX_PAGE = 100;
  private static final int PAGE = 50;

  private final AgentApi agent;

  TaskList(AgentApi agent) {
    this.agent = agent;
  }

  /// What to list.
  record Query(
      @Nullable String contextId,
      @Nullable String state,
      int pageSize,
      int offset,
      @Nullable Integer historyLength,
      boolean hasArtifacts,
      String after) {

    /// @throws Sent.Wrong when a member is wrong
    static Query of(ObjectNode params) {
      String context = params.path("contextId").asText();
      if (!context.isEmpty() && !SessionId.isValid(context)) {
        throw new Sent.Wrong(Reason.INVALID_PARAMS, "contextId is no id of a session");
      }
      String state = params.path("status").asText();
      return new Query(
          context.isEmpty() ? null : context,
          state.isEmpty() || state.equals("TASK_STATE_UNSPECIFIED") ? null : state,
          number(params, "pageSize", 1, MAX_PAGE, PAGE),
          number(params, "pageToken", 0, Integer.MAX_VALUE, 0),
          params.hasNonNull("historyLength")
              ? Integer.valueOf(number(params, "historyLength", 0, Integer.MAX_VALUE, 0))
              : null,
          params.path("includeArtifacts").asBoolean(),
          params.path("statusTimestampAfter").asText());
    }

    private static int number(ObjectNode params, String name, int min, int max, int absent) {
      String text = params.path(name).asText();
      if (text.isEmpty()) {
        return absent;
      }
      try {
        int number = Integer.parseInt(text);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new Sent.Wrong(Reason.INVALID_PARAMS, name + " must be from " + min + " to " + max);
    }

    boolean has(ObjectNode task) {
      JsonNode status = task.path("status");
      return (state == null || state.equals(status.path("state").asText()))
          && status.path("timestamp").asText().compareTo(after) >= 0;
    }
  }

  CompletionStage<Said> list(Query query) {
    CompletionStage<List<String>> sessions =
        query.contextId() == null
            ? sessions(new ArrayList<>(), null)
            : CompletableFuture.completedFuture(List.of(query.contextId()));
    return sessions
        .thenCompose(all -> runs(new ArrayList<>(all), new ArrayList<>()))
        .thenCompose(ids -> tasks(query, new ArrayList<>(ids), new ArrayList<>()))
        .thenApply(tasks -> new Said.Result(page(query, tasks)));
  }

  private CompletionStage<List<String>> sessions(List<String> found, @Nullable String after) {
    return agent
        .sessions(SESSIONS_AT_ONCE, after)
        .thenCompose(
            answer -> {
              JsonNode page = answer.found();
              if (page == null) {
                return CompletableFuture.completedFuture(found);
              }
              page.path("sessions")
                  .forEach(session -> found.add(session.path("session_id").asText()));
              String next = page.path("next").textValue();
              return next == null || found.size() >= SESSIONS
                  ? CompletableFuture.completedFuture(found)
                  : sessions(found, next);
            });
  }

  private CompletionStage<List<TaskId>> runs(List<String> sessions, List<TaskId> found) {
    if (sessions.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    String session = sessions.removeLast();
    return agent
        .conversation(session, null)
        .thenCompose(
            messages -> {
              Set<String> runs = new LinkedHashSet<>();
              messages.forEach(message -> runs.add(message.path("run_id").asText()));
              runs.forEach(run -> found.add(new TaskId(session, run)));
              return runs(sessions, found);
            });
  }

  private CompletionStage<List<ObjectNode>> tasks(
      Query query, List<TaskId> ids, List<ObjectNode> found) {
    if (ids.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    TaskId id = ids.removeLast();
    return agent
        .run(id.sessionId(), id.runId())
        .thenCompose(
            answer -> {
              JsonNode run = answer.found();
              if (run != null) {
                ObjectNode task = Tasks.task(id, run, null, null, List.of(), query.historyLength());
                if (query.has(task)) {
                  found.add(query.hasArtifacts() ? task : without(task));
                }
              }
              return tasks(query, ids, found);
            });
  }

  private static ObjectNode without(ObjectNode task) {
    task.remove("artifacts");
    return task;
  }

  private static ObjectNode page(Query query, List<ObjectNode> tasks) {
    tasks.sort(
        Comparator.comparing((ObjectNode task) -> task.path("status").path("timestamp").asText())
            .reversed());
    int from = Math.min(query.offset(), tasks.size());
    int to = (int) Math.min((long) from + query.pageSize(), tasks.size());
    ObjectNode page = Json.object();
    ArrayNode shown = page.putArray("tasks");
    tasks.subList(from, to).forEach(shown::add);
    return page.put("nextPageToken", to < tasks.size() ? String.valueOf(to) : "")
        .put("pageSize", query.pageSize())
        .put("totalSize", tasks.size());
  }
}
