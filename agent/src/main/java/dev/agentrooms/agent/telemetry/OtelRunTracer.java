package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
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
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepProgressed;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.ToolResult;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Records runs as OpenTelemetry spans: `run` → steps (`retrieval`, `generate_exam`, …) → one span
/// for each attempt at a tool (`rag_search`, …).
///
/// Not synchronized: a run's spans are used by its session's actor only.
public final class OtelRunTracer implements RunTracer {

  private final Tracer tracer;
  private final Map<String, RunSpans> open = new ConcurrentHashMap<>();

  /// @param tracer of an SDK whose ids come from [ChosenIds]
  public OtelRunTracer(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public void saw(Run run, RunEvent event) {
    if (event instanceof RunAccepted) {
      open.put(run.runId(), new RunSpans(begin(run.spec())));
      return;
    }
    RunSpans spans = open.get(run.runId());
    if (spans != null) {
      saw(spans, run, event);
    }
  }

  private void saw(RunSpans spans, Run run, RunEvent event) {
    switch (event) {
      case RunQueued e -> spans.run.addEvent("queued");
      case RunStarted e -> {
        spans.run.addEvent("started");
        spans.run.setAttribute("agentrooms.intent", e.plan().intent());
      }
      case StepStarted e ->
          spans.steps.put(
              e.callId(),
              child(spans.run, e.call().words().start().replaceFirst("^start_", "")).startSpan());
      case StepInterrupted e -> spans.of(e.callId()).addEvent("server_restarted");
      case AttemptFailed e -> spans.of(e.callId()).addEvent("tool_retry");
      case InputRequired e -> spans.of(e.callId()).addEvent("input_required");
      case InputReceived e -> spans.of(e.callId()).addEvent("input_received");
      case StepFailed e ->
          spans.endStep(e.callId(), StatusCode.ERROR, e.failure().reason(), e.failure().detail());
      case StepDone e -> spans.endStep(e.callId(), StatusCode.UNSET, null, "");
      case StepStopped e -> spans.endStep(e.callId(), StatusCode.UNSET, null, "");
      case CancelRequested e -> spans.run.addEvent("cancel_requested");
      case RunSucceeded e -> end(run, RunStatus.SUCCEEDED, StatusCode.OK, "");
      case RunFailed e -> end(run, RunStatus.FAILED, StatusCode.ERROR, e.error());
      case RunCancelled e -> {
        if (e.abandonedTool() != null) {
          spans.run.setAttribute("agentrooms.abandoned_tool", e.abandonedTool());
        }
        end(run, RunStatus.CANCELLED, StatusCode.UNSET, "");
      }
      case RunAccepted _, AttemptStarted _, StepProgressed _, StepSkipped _ -> {}
    }
  }

  @Override
  public ToolSpan call(Run run, Step step) {
    RunSpans spans = open.get(run.runId());
    if (spans == null) {
      return OFF.call(run, step);
    }
    Span span =
        child(spans.of(step.id()), step.call().tool())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("agentrooms.attempt", step.attempt())
            .startSpan();
    return new ToolSpan() {
      @Override
      public String traceparent() {
        SpanContext context = span.getSpanContext();
        return "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex();
      }

      @Override
      public void ended(ToolResult result) {
        switch (result) {
          case ToolResult.Succeeded succeeded -> {}
          case ToolResult.Failed(var reason, Integer status, String detail, var _, var _) -> {
            span.setStatus(StatusCode.ERROR, detail).setAttribute("error.type", reason.word());
            if (status != null) {
              span.setAttribute("http.response.status_code", status);
            }
          }
          case ToolResult.Stopped stopped -> span.addEvent("stopped");
          case ToolResult.Asks asks -> span.addEvent("input_required");
        }
        span.end();
      }
    };
  }

  @Override
  public void lost(Run run) {
    RunSpans spans = open.remove(run.runId());
    if (spans != null) {
      spans.endSteps();
      spans.run.setStatus(StatusCode.ERROR, "The session stopped.").end();
    }
  }

  private Span begin(RunSpec spec) {
    Trace trace = spec.trace();
    SpanBuilder builder =
        tracer
            .spanBuilder("run")
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("agentrooms.session_id", spec.sessionId())
            .setAttribute("agentrooms.run_id", spec.runId())
            .setAttribute("agentrooms.correlation_id", spec.correlationId());
    String callerSpanId = spec.caller().spanId();
    if (callerSpanId == null) {
      builder.setNoParent();
    } else {
      SpanContext caller =
          SpanContext.createFromRemoteParent(
              trace.traceId(),
              callerSpanId,
              TraceFlags.fromHex(trace.flags(), 0),
              TraceState.getDefault());
      builder.setParent(Context.root().with(Span.wrap(caller)));
    }
    return ChosenIds.with(spec, builder::startSpan);
  }

  private SpanBuilder child(Span parent, String name) {
    return tracer.spanBuilder(name).setParent(Context.root().with(parent));
  }

  private void end(Run run, RunStatus status, StatusCode code, String why) {
    RunSpans spans = open.remove(run.runId());
    if (spans != null) {
      spans.endSteps();
      spans.run.setAttribute("agentrooms.status", status.word());
      spans.run.setStatus(code, why).end();
    }
  }

  private static final class RunSpans {
    private final Span run;
    // By call id.
    private final Map<String, Span> steps = new HashMap<>();

    RunSpans(Span run) {
      this.run = run;
    }

    Span of(String callId) {
      return steps.getOrDefault(callId, run);
    }

    void endStep(String callId, StatusCode code, @Nullable String errorType, String why) {
      Span step = steps.remove(callId);
      if (step != null) {
        if (errorType != null) {
          step.setAttribute("error.type", errorType);
        }
        step.setStatus(code, why).end();
      }
    }

    void endSteps() {
      steps.values().forEach(step -> step.setStatus(StatusCode.UNSET, "").end());
      steps.clear();
    }
  }
}
