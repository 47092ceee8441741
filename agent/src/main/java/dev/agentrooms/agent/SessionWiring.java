package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.Workflow;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.RunTracer;
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
