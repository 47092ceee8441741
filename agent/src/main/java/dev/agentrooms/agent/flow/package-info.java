/// The agents, which decide a run's next step. Pure functions of the run.
@NullMarked
package dev.agentrooms.agent.flow;

import org.jspecify.annotations.NullMarked;
