package dev.agentrooms.agent.telemetry;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.tools.ToolResult;

/// Port for distributed tracing of runs: run → step → attempt. Implemented with OpenTelemetry, or
/// by nothing.
///
/// In every implementation the run's span id is [RunSpec#spanId].
public interface RunTracer {

  /// Records nothing; trace ids are passed on nevertheless.
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

  /// Called for each event of a run, in order.
  ///
  /// @param run the run before the event; for the first event, as accepted
  void saw(Run run, RunEvent event);

  /// An attempt at a tool call begins.
  ToolSpan call(Run run, Step step);

  /// The session stops before the run has ended.
  void lost(Run run);

  /// An attempt at a tool call. It may end later than its run.
  interface ToolSpan {

    /// The `traceparent` that the tool is sent.
    String traceparent();

    void ended(ToolResult result);
  }
}
