/// Agents that stay where they are: a run is handed to one over HTTP, and what it streams becomes
/// the run's progress, text and result.
@NullMarked
package dev.agentrooms.tools.remote;

import org.jspecify.annotations.NullMarked;
