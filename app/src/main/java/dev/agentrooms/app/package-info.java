/// The launcher: agent, web UI and mocks in one JVM, or one of them; and the node that it is of a
// cluster.
@NullMarked
package dev.agentrooms.app;

import org.jspecify.annotations.NullMarked;
