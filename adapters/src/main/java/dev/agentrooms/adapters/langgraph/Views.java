package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// Sessions and runs as LangGraph's server shows them.
final class Views {

  /// The one graph, and the one assistant.
  static final String GRAPH = "agent-rooms";

  static final String NODE = "agent";

  private static final String SINCE_EVER = "2026-11-27T00:00:00Z";

  private Views() {}

  static boolean isAssistant(String id) {
    return id.equals(GRAPH) || id.equals(NODE);
  }

  static ObjectNode assistant() {
    ObjectNode assistant =
        Json.object()
            .put("assistant_id", GRAPH)
            .put("graph_id", GRAPH)
            .put("name", "Agent Rooms")
            .put("description", "The agent of this server.")
            .put("version", 1)
            .put("created_at", SINCE_EVER)
            .put("updated_at", SINCE_EVER);
    assistant.putObject("config");
    assistant.putObject("context");
    assistant.putObject("metadata").put("created_by", "system");
    return assistant;
  }

  /// A run's status from the native one.
  static String status(String status) {
    return switch (status) {
      case "queued" -> "pending";
      case "succeeded" -> "success";
      case "failed" -> "error";
      case "cancelled", "waiting" -> "interrupted";
      default -> "running";
    };
  }

  /// 0 for what is no time.
  static long millis(String time) {
    try {
      return Instant.parse(time).toEpochMilli();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }

  static ObjectNode run(JsonNode run, @Nullable String strategy) {
    ObjectNode view =
        Json.object()
            .put("run_id", run.path("run_id").asText())
            .put("thread_id", run.path("session_id").asText())
            .put("assistant_id", GRAPH)
            .put("status", status(run.path("status").asText()))
            .put("multitask_strategy", strategy);
    view.set("created_at", run.path("created_at"));
    view.set("updated_at", latest(run));
    view.putObject("metadata").put("graph_id", GRAPH);
    view.putObject("kwargs");
    return view;
  }

  private static JsonNode latest(JsonNode run) {
    for (String name : new String[] {"finished_at", "started_at"}) {
      if (run.path(name).isTextual()) {
        return run.path(name);
      }
    }
    return run.path("created_at");
  }

  /// @param session as the native API shows it, in the list as well
  /// @param values null when they have not been read
  static ObjectNode thread(JsonNode session, @Nullable ObjectNode values) {
    ObjectNode thread = Json.object();
    thread.set("thread_id", session.path("session_id"));
    thread.set("created_at", session.path("created_at"));
    thread.set("updated_at", session.path("last_active_at"));
    thread.set("state_updated_at", session.path("last_active_at"));
    thread.putObject("metadata").put("graph_id", GRAPH).put("assistant_id", GRAPH);
    thread.put("status", threadStatus(session));
    thread.putObject("config");
    thread.set("values", values);
    ObjectNode interrupts = thread.putObject("interrupts");
    JsonNode asked = session.path("waiting_for");
    if (asked.isObject()) {
      interrupts.putArray(asked.path("step").asText(NODE)).add(interrupt(asked));
    }
    if (threadStatus(session).equals("error") && session.at("/last_run/error").isTextual()) {
      thread.set("error", session.at("/last_run/error"));
    }
    return thread;
  }

  static String threadStatus(JsonNode session) {
    return switch (session.path("status").asText()) {
      case "waiting" -> "interrupted";
      case "idle" -> session.at("/last_run/status").asText().equals("failed") ? "error" : "idle";
      default -> "busy";
    };
  }

  /// What a run asks a person.
  ///
  /// @param asked `waiting_for`, or the `meta` of `input_required`
  static ObjectNode interrupt(JsonNode asked) {
    ObjectNode value = Json.object().put("message", asked.path("prompt").asText(""));
    for (String name :
        new String[] {
          "kind", "step", "tool", "arguments", "value", "editable", "options", "expires_at"
        }) {
      if (asked.hasNonNull(name)) {
        value.set(name, asked.path(name));
      }
    }
    ObjectNode interrupt = Json.object();
    interrupt.set("id", asked.path("input_id"));
    interrupt.set("value", value);
    interrupt.set("response_schema", responseSchema(asked));
    interrupt.putArray("namespace");
    return interrupt;
  }

  private static ObjectNode responseSchema(JsonNode asked) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.putArray("required").add("decision");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("decision").putArray("enum").add("approve").add("reject");
    if (asked.path("editable").asBoolean()) {
      JsonNode of = asked.path("schema");
      properties.set("value", of.isObject() ? of : Json.object());
    }
    properties.putObject("comment").put("type", "string");
    return schema;
  }

  /// @param reason a missing node when there is none
  static ObjectNode error(JsonNode reason, String message) {
    return Json.object().put("error", reason.asText("run_failed")).put("message", message);
  }

  /// A state of the thread: as a run has left it.
  ///
  /// @param run the run that ended last; null for none
  /// @param before the run that ended before that
  /// @param waits what the thread waits for; null when it waits for nobody
  static ObjectNode state(
      String threadId,
      ObjectNode values,
      @Nullable JsonNode run,
      @Nullable String before,
      int step,
      @Nullable JsonNode waits) {
    ObjectNode state = Json.object();
    state.set("values", values);
    ArrayNode next = state.putArray("next");
    ArrayNode tasks = state.putArray("tasks");
    ArrayNode interrupts = state.putArray("interrupts");
    if (waits != null) {
      String name = waits.path("step").asText(NODE);
      next.add(name);
      interrupts.add(interrupt(waits));
      ObjectNode task = tasks.addObject().put("id", waits.path("input_id").asText());
      task.put("name", name).putArray("path");
      task.putNull("error").putArray("interrupts").add(interrupt(waits));
      task.putNull("checkpoint").putNull("state").putNull("result");
    }
    String runId = run == null ? null : run.path("run_id").asText();
    state.set("checkpoint", checkpoint(threadId, runId));
    ObjectNode metadata = state.putObject("metadata").put("thread_id", threadId);
    metadata.put("graph_id", GRAPH).put("source", "loop").put("step", step);
    if (runId != null) {
      metadata.put("run_id", runId);
    }
    state.set("created_at", run == null ? null : latest(run));
    state.set("parent_checkpoint", before == null ? null : checkpoint(threadId, before));
    return state;
  }

  private static ObjectNode checkpoint(String threadId, @Nullable String runId) {
    return Json.object()
        .put("thread_id", threadId)
        .put("checkpoint_ns", "")
        .put("checkpoint_id", runId)
        .putNull("checkpoint_map");
  }
}
