/// Sessions and their runs: `AgentRoutes → Sessions → AgentSession → Workflow → Toolbox →
/// ProgressSink`.
@NullMarked
package dev.agentrooms.agent;

import org.jspecify.annotations.NullMarked;
