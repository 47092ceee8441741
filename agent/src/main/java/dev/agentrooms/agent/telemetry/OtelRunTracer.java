package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
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
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.agent.session.Workflow;
import dev.agentrooms.protocol.RunStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs as OpenTelemetry spans: `run`, in it the steps (`retrieval`, `generate_exam`, …), in them
/// the tool calls (`rag_search`, …).
///
/// A run's spans are touched by its session only, one message at a time.
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
        spans.run.setAttribute("agentrooms.intent", e.plan().intent().word());
      }
      case StageStarted e -> {
        Workflow.Stage stage = run.at(e.stage(), 1, true).stage();
        spans.step = child(spans.run, stage.started().replaceFirst("^start_", "")).startSpan();
      }
      case ToolFailedOnce e -> spans.stepOrRun().addEvent("tool_retry");
      case ToolFailed e ->
          spans.endStep(StatusCode.ERROR, e.failure().reason().word(), e.failure().detail());
      case StageDone e -> spans.endStep(StatusCode.UNSET, null, "");
      case CancelRequested e -> spans.run.addEvent("cancel_requested");
      case RunSucceeded e -> end(run, RunStatus.SUCCEEDED, StatusCode.OK, "");
      case RunFailed e -> end(run, RunStatus.FAILED, StatusCode.ERROR, e.error());
      case RunCancelled e -> {
        if (e.abandonedTool() != null) {
          spans.run.setAttribute("agentrooms.abandoned_tool", e.abandonedTool().word());
        }
        end(run, RunStatus.CANCELLED, StatusCode.UNSET, "");
      }
      case RunAccepted e -> {}
      case ToolRetried e -> {}
    }
  }

  @Override
  public ToolSpan call(Run run) {
    RunSpans spans = open.get(run.runId());
    if (spans == null) {
      return OFF.call(run);
    }
    Span span =
        child(spans.stepOrRun(), run.stage().tool().word())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("agentrooms.attempt", run.attempt())
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
          case ToolResult.Failed(var reason, Integer status, String detail) -> {
            span.setStatus(StatusCode.ERROR, detail).setAttribute("error.type", reason.word());
            if (status != null) {
              span.setAttribute("http.response.status_code", status);
            }
          }
          case ToolResult.Stopped stopped -> span.addEvent("stopped");
        }
        span.end();
      }
    };
  }

  @Override
  public void lost(Run run) {
    RunSpans spans = open.remove(run.runId());
    if (spans != null) {
      spans.endStep(StatusCode.UNSET, null, "");
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
      spans.endStep(StatusCode.UNSET, null, "");
      spans.run.setAttribute("agentrooms.status", status.word());
      spans.run.setStatus(code, why).end();
    }
  }

  private static final class RunSpans {
    private final Span run;
    private @Nullable Span step;

    RunSpans(Span run) {
      this.run = run;
    }

    Span stepOrRun() {
      return step == null ? run : step;
    }

    void endStep(StatusCode code, @Nullable String errorType, String why) {
      if (step != null) {
        if (errorType != null) {
          step.setAttribute("error.type", errorType);
        }
        step.setStatus(code, why).end();
        step = null;
      }
    }
  }
}
