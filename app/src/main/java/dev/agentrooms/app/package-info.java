/// The launcher: agent, web UI and mocks in one JVM, or one of them.
@NullMarked
package dev.agentrooms.app;

import org.jspecify.annotations.NullMarked;
