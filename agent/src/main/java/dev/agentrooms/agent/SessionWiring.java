package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Tools;
import java.time.InstantSource;

/// What a session works with.
record SessionWiring(
    AgentSettings settings,
    Agent agent,
    Tools tools,
    SessionDecisions decisions,
    Narrator narrator,
    Toolbox toolbox,
    ProgressSink sink,
    RunSlots slots,
    SessionIndex index,
    Backlog backlog,
    AgentMetrics metrics,
    RunTracer tracer,
    InstantSource clock) {}
