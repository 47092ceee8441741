package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepEvent;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepProgressed;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.Tools;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Translates session events into the progress events that watchers see.
///
/// An event's id is derived from its run and its number within the run, so that the same event
/// always has the same id.
///
/// Every event can be encoded, and is no larger or deeper than [Json] and a room accept: whatever
/// a tool answered, what does not fit is left out.
public final class Narrator {

  private static final int MAX_WISHED_BYTES = 4 * 1024;
  private static final String INTENT_TITLE = "Understand the question";

  private final Agent agent;
  private final Tools tools;

  public Narrator(Agent agent, Tools tools) {
    this.agent = agent;
    this.tools = tools;
  }

  /// @param before the run before the event; for the first event, the run as accepted
  public Optional<ProgressEvent> tell(Run before, RunEvent event) {
    return told(before, event).map(Writable::of);
  }

  private Optional<ProgressEvent> told(Run before, RunEvent event) {
    return switch (event) {
      case RunAccepted _, AttemptStarted _, CancelRequested _, StepStopped _ -> Optional.empty();
      case RunQueued e ->
          told(before, e, StepWords.QUEUED, Level.INFO, "Waiting for its turn", opening(before));
      case RunStarted e -> {
        Plan plan = e.plan();
        ObjectNode meta = opening(before).put("title", INTENT_TITLE);
        meta.put("intent", plan.intent()).put("question", before.spec().question());
        meta.setAll(plan.shown());
        plan.steps().forEach(meta.putArray("steps")::add);
        yield told(
            before,
            e,
            StepWords.INTENT_DETERMINED,
            Level.INFO,
            "Understood as " + plan.intent(),
            meta);
      }
      case StepStarted e -> {
        Call call = e.call();
        if (!call.isTold()) {
          yield Optional.empty();
        }
        ObjectNode meta = ofCall(before, e, call);
        figures(call, call.arguments(), meta);
        if (call.isWished()) {
          meta.put("tool", call.tool()).put("turn", call.turn());
          Shown.show(meta, call.arguments(), MAX_WISHED_BYTES, "arguments");
          add(meta, saidBefore(before, call));
        } else {
          Shown.show(meta, call.arguments(), "input", "arguments");
        }
        yield told(before, e, call, call.words().start(), call.words().doing(), meta);
      }
      case AttemptFailed e -> {
        Step step = before.step(e.callId());
        ObjectNode meta = failure(before, e, e.failure()).put("attempt", step.attempt() + 1);
        yield told(
            before,
            e,
            step.call(),
            StepWords.TOOL_RETRY,
            Level.WARNING,
            e.failure().detail() + " Trying once more.",
            meta);
      }
      case StepInterrupted e -> {
        Step step = before.step(e.callId());
        ObjectNode meta = ofCall(before, e, step.call()).put("tool", step.call().tool());
        meta.put("reason", "server_restarted").put("attempt", step.attempt());
        // What its last attempt wrote goes no further.
        meta.put("part", step.part());
        yield told(
            before,
            e,
            step.call(),
            StepWords.TOOL_RETRY,
            Level.WARNING,
            "The server was restarted. Calling again.",
            meta);
      }
      case StepProgressed e -> {
        Call call = before.step(e.callId()).call();
        String tool = e.tool() == null ? call.tool() : e.tool();
        ObjectNode meta = ofCall(before, e, call);
        e.meta().properties().forEach(member -> meta.set(member.getKey(), member.getValue()));
        meta.setAll(NextEvent.meta(before));
        yield Optional.of(
            NextEvent.of(before, e.at(), e.step(), tool, Level.INFO, e.message(), meta));
      }
      case InputRequired e -> {
        Call call = before.step(e.callId()).call();
        yield Optional.of(Asking.required(before, e, ofCall(before, e, call)));
      }
      case InputReceived e -> {
        Call call = before.step(e.callId()).call();
        yield Optional.of(Asking.received(before, e, ofCall(before, e, call)));
      }
      case StepDone e -> {
        Step step = before.step(e.callId());
        Call call = step.call();
        if (!call.isEndTold(e.output())) {
          yield Optional.empty();
        }
        ObjectNode meta = ofCall(before, e, call).put("duration_ms", durationMs(before, step, e));
        if (call.isWished()) {
          meta.put("tool", call.tool()).put("turn", call.turn());
        }
        if (step.state() instanceof Step.Failed) {
          meta.put("skipped_error", true);
        } else {
          figures(call, e.output(), meta);
          Shown.show(meta, e.output(), "output");
        }
        add(meta, e.meta());
        ObjectNode usage = call.isTurn() ? Usage.sum(before.after(e).turns(call.step())) : null;
        if (usage != null) {
          meta.set("usage", usage);
        }
        boolean failed = meta.path("failed").asBoolean();
        yield told(
            before,
            e,
            call,
            call.words().done(),
            failed ? Level.WARNING : Level.INFO,
            failed ? e.output().path("error").asText() : call.words().did(),
            meta);
      }
      case StepFailed e -> {
        Step step = before.step(e.callId());
        ObjectNode meta = failure(before, e, e.failure());
        add(meta, e.failure().meta());
        yield told(
            before,
            e,
            step.call(),
            StepWords.TOOL_ERROR,
            step.call().optional() ? Level.WARNING : Level.ERROR,
            e.failure().detail(),
            meta.put("attempts", step.attempt()).put("duration_ms", step.durationMs(e.at())));
      }
      case StepSkipped e ->
          told(
              before,
              e,
              e.call(),
              e.call().step() + "_skipped",
              "Not needed",
              ofCall(before, e, e.call()));
      case RunSucceeded e -> Optional.of(Ending.succeeded(agent, before, e));
      case RunFailed e -> {
        ObjectNode meta = Ending.meta(before, RunStatus.FAILED, e.at()).put("error", e.error());
        if (e.reason() != null) {
          meta.put("reason", e.reason());
        }
        yield told(before, e, StepWords.FINAL_ANSWER, Level.ERROR, e.error(), meta);
      }
      case RunCancelled e -> {
        ObjectNode meta =
            Ending.meta(before, RunStatus.CANCELLED, e.at()).put("reason", e.reason());
        if (e.abandonedTool() != null) {
          meta.put("abandoned_tool", e.abandonedTool());
        }
        add(meta, e.meta());
        yield told(before, e, StepWords.CANCELLED, Level.WARNING, "Cancelled: " + e.reason(), meta);
      }
    };
  }

  private static Optional<ProgressEvent> told(
      Run run, RunEvent event, String step, Level level, String message, ObjectNode meta) {
    return Optional.of(NextEvent.of(run, event.at(), step, null, level, message, meta));
  }

  private static Optional<ProgressEvent> told(
      Run run, RunEvent event, Call call, String step, String message, ObjectNode meta) {
    return told(run, event, call, step, Level.INFO, message, meta);
  }

  private static Optional<ProgressEvent> told(
      Run run,
      RunEvent event,
      Call call,
      String step,
      Level level,
      String message,
      ObjectNode meta) {
    return Optional.of(NextEvent.of(run, event.at(), step, call.tool(), level, message, meta));
  }

  /// Adds what a tool has to say, unless it is there already.
  private static void add(ObjectNode meta, @Nullable ObjectNode more) {
    if (more != null) {
      more.properties().forEach(member -> meta.putIfAbsent(member.getKey(), member.getValue()));
    }
  }

  // The turns of an agent are shown as one step.
  private static ObjectNode ofCall(Run run, StepEvent event, Call call) {
    String callId = call.isTurn() ? run.runId() + "." + call.step() : event.callId();
    return NextEvent.meta(run).put("call_id", callId).put("title", call.title());
  }

  private static long durationMs(Run run, Step step, StepDone done) {
    Step first = step.isTurn() ? run.turns(step.call().step()).getFirst() : step;
    return first.durationMs(done.at());
  }

  /// What the model said before it asked for its first tool in a turn, which ends that text.
  private static @Nullable ObjectNode saidBefore(Run run, Call call) {
    List<Step> turns = run.turns(call.step());
    boolean isFirst =
        run.steps().stream()
            .map(Step::call)
            .noneMatch(
                each ->
                    each.isWished()
                        && each.step().equals(call.step())
                        && each.turn() == call.turn());
    if (!isFirst || turns.isEmpty()) {
      return null;
    }
    Step turn = turns.getLast();
    ObjectNode said = Json.object().put("part", turn.call().part());
    if (turn.state() instanceof Step.Done done) {
      String text = done.output().path("text").asText();
      int bytes = Shown.textBytes(text);
      if (bytes > Shown.MAX_TEXT_BYTES) {
        said.put("text_bytes", bytes);
      } else if (bytes > 0) {
        said.put("text", text);
        done.showCuts(said);
      }
    }
    return said;
  }

  private void figures(Call call, @Nullable JsonNode value, ObjectNode meta) {
    tools.find(call.tool()).ifPresent(tool -> tool.showFigures(value, meta));
  }

  private static ObjectNode opening(Run run) {
    RunSpec spec = run.spec();
    ObjectNode meta = NextEvent.meta(run).put("correlation_id", spec.correlationId());
    return spec.replaces() == null ? meta : meta.put("replaces", spec.replaces());
  }

  private static ObjectNode failure(Run run, StepEvent event, Failure failure) {
    Call call = run.step(event.callId()).call();
    ObjectNode meta = ofCall(run, event, call).put("tool", call.tool());
    meta.put("reason", failure.reason());
    if (failure.status() != null) {
      meta.put("status", failure.status());
    }
    return meta;
  }
}
