/// What operators see of the agent: figures, log lines, traces.
@NullMarked
package dev.agentrooms.agent.telemetry;

import org.jspecify.annotations.NullMarked;
