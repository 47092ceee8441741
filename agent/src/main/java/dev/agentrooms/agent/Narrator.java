package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.SessionEvent.CancelRequested;
import dev.agentrooms.agent.SessionEvent.RunAccepted;
import dev.agentrooms.agent.SessionEvent.RunCancelled;
import dev.agentrooms.agent.SessionEvent.RunEvent;
import dev.agentrooms.agent.SessionEvent.RunFailed;
import dev.agentrooms.agent.SessionEvent.RunQueued;
import dev.agentrooms.agent.SessionEvent.RunStarted;
import dev.agentrooms.agent.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.SessionEvent.StageDone;
import dev.agentrooms.agent.SessionEvent.StageStarted;
import dev.agentrooms.agent.SessionEvent.ToolFailed;
import dev.agentrooms.agent.SessionEvent.ToolFailedOnce;
import dev.agentrooms.agent.SessionEvent.ToolRetried;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells what happened to those who watch: session events as progress events.
///
/// An event's id is its run's id and its number within the run, so that telling it again gives it
/// the same id.
final class Narrator {

  // What a step shows of a tool's input or output. The result itself may be as long as an event.
  private static final int MAX_SHOWN_BYTES = 64 * 1024;

  private Narrator() {}

  /// @param before the run as it was, just accepted when there was none
  static Optional<ProgressEvent> tell(Run before, RunEvent event) {
    return switch (event) {
      case RunAccepted e -> Optional.empty();
      case ToolRetried e -> Optional.empty();
      case CancelRequested e -> Optional.empty();
      case RunQueued e ->
          told(
              before,
              e,
              Workflow.QUEUED,
              null,
              Level.INFO,
              "Waiting for its turn",
              opening(before));
      case RunStarted e -> {
        ObjectNode meta = opening(before).put("intent", e.plan().intent().word());
        meta.put("question", before.spec().question()).put("topic", e.plan().topic());
        Workflow.steps(e.plan().intent()).forEach(meta.putArray("steps")::add);
        yield told(
            before,
            e,
            Workflow.INTENT_DETERMINED,
            null,
            Level.INFO,
            "Understood as " + e.plan().intent().word(),
            meta);
      }
      case StageStarted e -> {
        Run there = before.at(e.stage(), 1, true);
        ObjectNode meta = meta(before);
        facts(there.stage().tool(), e.input(), meta);
        show(meta, "input", e.input());
        yield told(
            there,
            e,
            there.stage().started(),
            there.stage().tool(),
            Level.INFO,
            there.stage().doing(),
            meta);
      }
      case ToolFailedOnce e -> {
        ObjectNode meta = failure(before, e.failure()).put("attempt", before.attempt() + 1);
        yield told(
            before,
            e,
            Workflow.TOOL_RETRY,
            before.stage().tool(),
            Level.WARNING,
            e.failure().detail() + " Trying once more.",
            meta);
      }
      case StageDone e -> {
        ObjectNode meta = meta(before).put("duration_ms", before.stageDurationMs(e.at()));
        facts(before.stage().tool(), e.output(), meta);
        show(meta, "output", e.output());
        yield told(
            before,
            e,
            before.stage().done(),
            before.stage().tool(),
            Level.INFO,
            before.stage().did(),
            meta);
      }
      case ToolFailed e ->
          told(
              before,
              e,
              Workflow.TOOL_ERROR,
              before.stage().tool(),
              Level.ERROR,
              e.failure().detail(),
              failure(before, e.failure())
                  .put("attempts", before.attempt())
                  .put("duration_ms", before.stageDurationMs(e.at())));
      case RunSucceeded e -> Optional.of(succeeded(before, e));
      case RunFailed e ->
          told(
              before,
              e,
              Workflow.FINAL_ANSWER,
              null,
              Level.ERROR,
              e.error(),
              outcome(before, RunStatus.FAILED, e.at()).put("error", e.error()));
      case RunCancelled e -> {
        ObjectNode meta = outcome(before, RunStatus.CANCELLED, e.at()).put("reason", e.reason());
        if (e.abandonedTool() != null) {
          meta.put("abandoned_tool", e.abandonedTool().word());
        }
        yield told(
            before, e, Workflow.CANCELLED, null, Level.WARNING, "Cancelled: " + e.reason(), meta);
      }
    };
  }

  private static ProgressEvent succeeded(Run run, RunSucceeded event) {
    ObjectNode meta = outcome(run, RunStatus.SUCCEEDED, event.at());
    meta.set("result", event.result());
    ProgressEvent whole = finalAnswer(run, event.at(), meta);
    if (Json.encode(whole).length <= ProgressEvent.MAX_BYTES) {
      return whole;
    }
    ObjectNode pointed = outcome(run, RunStatus.SUCCEEDED, event.at());
    pointed
        .put("result_url", AgentRoutes.runPath(run.spec().sessionId(), run.runId()))
        .put("result_bytes", Json.encode(event.result()).length);
    return finalAnswer(run, event.at(), pointed);
  }

  private static ProgressEvent finalAnswer(Run run, Instant at, ObjectNode meta) {
    return event(run, at, Workflow.FINAL_ANSWER, null, Level.INFO, "Done", meta);
  }

  private static Optional<ProgressEvent> told(
      Run run,
      RunEvent event,
      String step,
      @Nullable Tool tool,
      Level level,
      String message,
      ObjectNode meta) {
    return Optional.of(event(run, event.at(), step, tool, level, message, meta));
  }

  private static ProgressEvent event(
      Run run,
      Instant at,
      String step,
      @Nullable Tool tool,
      Level level,
      String message,
      ObjectNode meta) {
    return new ProgressEvent(
        run.runId() + "." + (run.seen().size() + 1),
        at,
        run.spec().sessionId(),
        run.runId(),
        step,
        tool == null ? null : tool.word(),
        level,
        message,
        meta);
  }

  private static ObjectNode meta(Run run) {
    return Json.object().put("trace_id", run.spec().trace().traceId());
  }

  private static ObjectNode opening(Run run) {
    return meta(run).put("correlation_id", run.spec().correlationId());
  }

  private static ObjectNode outcome(Run run, RunStatus status, Instant at) {
    ObjectNode meta = meta(run).put("status", status.word()).put("duration_ms", run.durationMs(at));
    if (run.plan() != null) {
      meta.put("intent", run.plan().intent().word());
    }
    return meta;
  }

  private static ObjectNode failure(Run run, ToolResult.Failed failure) {
    ObjectNode meta =
        meta(run).put("tool", run.stage().tool().word()).put("reason", failure.reason().word());
    if (failure.status() != null) {
      meta.put("status", failure.status());
    }
    return meta;
  }

  // The few figures that say at a glance what went in or came out.
  private static void facts(Tool tool, @Nullable JsonNode value, ObjectNode meta) {
    if (value == null) {
      return;
    }
    switch (tool) {
      case RAG_SEARCH, RAG_ANSWER -> {
        copy(value, "top_k", meta);
        count(value, "chunks", meta);
      }
      case GENERATE_EXAM -> {
        copy(value, "num_questions", meta);
        count(value, "questions", meta);
      }
      case GRADE_EXAM -> {
        copy(value, "score", meta);
        copy(value, "max_score", meta);
      }
    }
  }

  private static void copy(JsonNode from, String name, ObjectNode to) {
    if (from.has(name)) {
      to.set(name, from.get(name));
    }
  }

  private static void count(JsonNode from, String name, ObjectNode to) {
    if (from.path(name).isArray()) {
      to.put(name, from.get(name).size());
    }
  }

  private static void show(ObjectNode meta, String name, @Nullable JsonNode value) {
    if (value == null) {
      return;
    }
    int bytes = Json.encode(value).length;
    if (bytes <= MAX_SHOWN_BYTES) {
      meta.set(name, value);
    } else {
      meta.put(name + "_bytes", bytes);
    }
  }
}
