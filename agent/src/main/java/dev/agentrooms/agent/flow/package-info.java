/// Agents: what decides a run's next step. Pure; each is a file.
@NullMarked
package dev.agentrooms.agent.flow;

import org.jspecify.annotations.NullMarked;
