package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.store.Store;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Tools;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

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
    Store store,
    Backlog backlog,
    AgentMetrics metrics,
    RunTracer tracer,
    InstantSource clock) {

  /// In milliseconds, as times go over the wire.
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
