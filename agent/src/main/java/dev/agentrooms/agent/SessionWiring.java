package dev.agentrooms.agent;

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
    InstantSource clock) {}
