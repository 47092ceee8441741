package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells what happened to those who watch: session events as progress events.
///
/// An event's id follows from its run and its number within the run, so that telling it again gives
/// it the same id.
///
/// Whatever a tool said, there is an event that can be written, and read by whoever takes data as
/// deep as [Json] does: what does not fit is left out of it.
final class Narrator {

  private static final Logger LOG = LoggerFactory.getLogger(Narrator.class);

  // What a step shows of a tool's input or output. The result itself may be as long as an event.
  private static final int MAX_SHOWN_BYTES = 64 * 1024;
  // Around a member of `meta` there are `meta` and the event.
  private static final int MAX_SHOWN_DEPTH = Json.MAX_DEPTH - 2;

  private Narrator() {}

  /// @param before the run as it was, just accepted when there was none
  static Optional<ProgressEvent> tell(Run before, RunEvent event) {
    return told(before, event).map(Narrator::writable);
  }

  /// The event itself or, when it cannot be written, what is left of it.
  private static ProgressEvent writable(ProgressEvent event) {
    if (size(event) >= 0) {
      return event;
    }
    LOG.error("event {} cannot be written; some of it is left out", event.eventId());
    return without(event, value -> size(value) < 0);
  }

  /// The event without what it says beside where and when it happened, and which says so: in
  /// `meta.left_out` are the names of the members of `meta` that are gone.
  static ProgressEvent bare(ProgressEvent event) {
    return without(event, JsonNode::isContainerNode);
  }

  private static ProgressEvent without(ProgressEvent event, Predicate<JsonNode> isLeftOut) {
    ObjectNode meta = Json.object();
    ArrayNode leftOut = Json.mapper().createArrayNode();
    if (event.meta() != null) {
      for (Map.Entry<String, JsonNode> member : event.meta().properties()) {
        if (isLeftOut.test(member.getValue())) {
          leftOut.add(member.getKey());
        } else {
          meta.set(member.getKey(), member.getValue());
        }
      }
    }
    return new ProgressEvent(
        event.eventId(),
        event.ts(),
        event.sessionId(),
        event.runId(),
        event.step(),
        event.tool(),
        event.level(),
        "Some of this event could not be written",
        meta.set("left_out", leftOut));
  }

  /// How many bytes of JSON that is; -1 when it cannot be written.
  private static int size(Object value) {
    try {
      return Json.encode(value).length;
    } catch (RuntimeException e) {
      LOG.debug("this cannot be written", e);
      return -1;
    }
  }

  private static Optional<ProgressEvent> told(Run before, RunEvent event) {
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
    if (fits(event.result(), size(whole), ProgressEvent.MAX_BYTES)) {
      return whole;
    }
    ObjectNode pointed = outcome(run, RunStatus.SUCCEEDED, event.at());
    pointed.put("result_url", AgentRoutes.runPath(run.spec().sessionId(), run.runId()));
    putSize(pointed, "result", size(event.result()));
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
        run.spec().eventId(run.seen().size() + 1),
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
    if (from.path(name).isNumber()) {
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
    int bytes = size(value);
    if (fits(value, bytes, MAX_SHOWN_BYTES)) {
      meta.set(name, value);
    } else {
      putSize(meta, name, bytes);
    }
  }

  private static boolean fits(JsonNode value, int bytes, int maxBytes) {
    return bytes >= 0 && bytes <= maxBytes && !Json.isDeeper(value, MAX_SHOWN_DEPTH);
  }

  /// What stands for a member that was left out.
  private static void putSize(ObjectNode meta, String name, int bytes) {
    if (bytes >= 0) {
      meta.put(name + "_bytes", bytes);
    } else {
      meta.withArray("left_out").add(name);
    }
  }
}
