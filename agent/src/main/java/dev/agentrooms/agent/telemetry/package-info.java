/// What operators see of the agent: metrics, log lines, traces.
@NullMarked
package dev.agentrooms.agent.telemetry;

import org.jspecify.annotations.NullMarked;
