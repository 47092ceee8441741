package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.StageDone;
import dev.agentrooms.agent.session.SessionEvent.StageStarted;
import dev.agentrooms.agent.session.SessionEvent.ToolFailed;
import dev.agentrooms.agent.session.SessionEvent.ToolFailedOnce;
import dev.agentrooms.agent.session.SessionEvent.ToolRetried;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
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
public final class Narrator {

  private static final Logger LOG = LoggerFactory.getLogger(Narrator.class);

  private Narrator() {}

  /// @param before the run as it was, just accepted when there was none
  public static Optional<ProgressEvent> tell(Run before, RunEvent event) {
    return told(before, event).map(Narrator::writable);
  }

  /// The event itself or, when it cannot be written, what is left of it.
  private static ProgressEvent writable(ProgressEvent event) {
    if (Shown.size(event) >= 0) {
      return event;
    }
    LOG.error("event {} cannot be written; some of it is left out", event.eventId());
    return without(event, value -> Shown.size(value) < 0);
  }

  /// The event without what it says beside where and when it happened, and which says so: in
  /// `meta.left_out` are the names of the members of `meta` that are gone.
  public static ProgressEvent bare(ProgressEvent event) {
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
        ObjectNode meta = opening(before).put("title", Workflow.INTENT_TITLE);
        meta.put("intent", e.plan().intent().word());
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
        ObjectNode meta = ofCall(there);
        Shown.facts(there.stage().tool(), e.input(), meta);
        Shown.show(meta, e.input(), "input", "arguments");
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
        ObjectNode meta = ofCall(before).put("duration_ms", before.stageDurationMs(e.at()));
        Shown.facts(before.stage().tool(), e.output(), meta);
        Shown.show(meta, e.output(), "output");
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

  /// What does not fit into the event is left out of it: the text before the result.
  private static ProgressEvent succeeded(Run run, RunSucceeded event) {
    String text = AnswerText.of(run.plannedOrThrow().intent(), event.result());
    int textBytes = AnswerText.bytes(text);
    if (textBytes <= AnswerText.MAX_BYTES) {
      ProgressEvent whole = finalAnswer(run, event, ending(run, event).put("text", text));
      if (Shown.fits(event.result(), Shown.size(whole), ProgressEvent.MAX_BYTES)) {
        return whole;
      }
    }
    ObjectNode withoutText = ending(run, event).put("text_bytes", textBytes);
    ProgressEvent whole = finalAnswer(run, event, withoutText);
    if (Shown.fits(event.result(), Shown.size(whole), ProgressEvent.MAX_BYTES)) {
      return whole;
    }
    ObjectNode pointed = outcome(run, RunStatus.SUCCEEDED, event.at());
    pointed.put("result_url", RunView.path(run.spec().sessionId(), run.runId()));
    Shown.putSize(pointed, "result", Shown.size(event.result()));
    if (textBytes <= AnswerText.MAX_BYTES) {
      pointed.put("text", text);
    } else {
      pointed.put("text_bytes", textBytes);
    }
    return finalAnswer(run, event, pointed);
  }

  private static ObjectNode ending(Run run, RunSucceeded event) {
    return outcome(run, RunStatus.SUCCEEDED, event.at()).set("result", event.result());
  }

  private static ProgressEvent finalAnswer(Run run, RunSucceeded event, ObjectNode meta) {
    return event(run, event.at(), Workflow.FINAL_ANSWER, null, Level.INFO, "Done", meta);
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

  private static ObjectNode ofCall(Run run) {
    return meta(run).put("call_id", run.callName()).put("title", run.stage().title());
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
        ofCall(run).put("tool", run.stage().tool().word()).put("reason", failure.reason().word());
    if (failure.status() != null) {
      meta.put("status", failure.status());
    }
    return meta;
  }
}
