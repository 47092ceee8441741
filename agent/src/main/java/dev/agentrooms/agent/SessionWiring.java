package dev.agentrooms.agent;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;

/// What a session works with.
record SessionWiring(
    AgentSettings settings,
    Workflow workflow,
    SessionDecisions decisions,
    Toolbox toolbox,
    ProgressSink sink,
    RunSlots slots,
    SessionIndex index,
    Backlog backlog,
    AgentMetrics metrics,
    RunTracer tracer,
    InstantSource clock) {

  /// For a session that nobody measures or traces.
  SessionWiring(
      AgentSettings settings,
      Workflow workflow,
      SessionDecisions decisions,
      Toolbox toolbox,
      ProgressSink sink,
      RunSlots slots,
      SessionIndex index,
      Backlog backlog,
      InstantSource clock) {
    this(
        settings,
        workflow,
        decisions,
        toolbox,
        sink,
        slots,
        index,
        backlog,
        new AgentMetrics(new SimpleMeterRegistry()),
        RunTracer.OFF,
        clock);
  }
}
