/// The agent as a server: actors, routes and wiring. `AgentRoutes → Sessions → AgentSession`, which
/// calls tools by a `Toolbox` and sends progress to a `ProgressSink`.
@NullMarked
package dev.agentrooms.agent;

import org.jspecify.annotations.NullMarked;
