/// The launcher: agent, web UI and mocks in one JVM, or one of them; and the cluster node that it
/// is.
@NullMarked
package dev.agentrooms.app;

import org.jspecify.annotations.NullMarked;
