package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.tools.ToolResult;

/// Shows runs in a distributed trace: run → step → tool call. A port: OpenTelemetry stands behind
/// it, or nothing.
///
/// Whatever stands behind it, the run's span is [RunSpec#spanId].
public interface RunTracer {

  /// Records nothing. Trace ids flow all the same.
  RunTracer OFF =
      new RunTracer() {
        @Override
        public void saw(Run run, RunEvent event) {}

        @Override
        public ToolSpan call(Run run, Step step) {
          String traceparent = run.spec().trace().newSpan();
          return new ToolSpan() {
            @Override
            public String traceparent() {
              return traceparent;
            }

            @Override
            public void ended(ToolResult result) {}
          };
        }

        @Override
        public void lost(Run run) {}
      };

  /// Told of each event of a run, in their order.
  ///
  /// @param run as it was before; just accepted when there was none
  void saw(Run run, RunEvent event);

  /// An attempt at a step's tool begins.
  ToolSpan call(Run run, Step step);

  /// The run will not end, because its session stops.
  void lost(Run run);

  /// One attempt at a tool. It may end after its run has.
  interface ToolSpan {

    /// What the tool is sent.
    String traceparent();

    void ended(ToolResult result);
  }
}
