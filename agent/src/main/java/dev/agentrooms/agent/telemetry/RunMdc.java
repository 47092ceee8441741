package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/// The MDC of log lines about a run: `run_id`, `correlation_id`, `trace_id`. The session's actor
/// adds `session_id`.
public final class RunMdc implements AutoCloseable {

  private final Map<String, String> fields;

  private RunMdc(Map<String, String> fields) {
    this.fields = fields;
    fields.forEach(MDC::put);
  }

  public static RunMdc of(RunSpec spec) {
    return new RunMdc(
        Map.of(
            "run_id", spec.runId(),
            "correlation_id", spec.correlationId(),
            "trace_id", spec.trace().traceId()));
  }

  /// The MDC for an event, where only the event is known.
  public static RunMdc of(ProgressEvent event) {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("session_id", event.sessionId());
    if (event.runId() != null) {
      known.put("run_id", event.runId());
    }
    String traceId = event.meta() == null ? "" : event.meta().path("trace_id").asText();
    if (!traceId.isEmpty()) {
      known.put("trace_id", traceId);
    }
    return new RunMdc(known);
  }

  @Override
  public void close() {
    fields.keySet().forEach(MDC::remove);
  }
}
