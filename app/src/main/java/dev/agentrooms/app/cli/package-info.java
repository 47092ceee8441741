/// The commands that talk to a server from a terminal. A JVM for one of them loads no actor, no
/// transport and no tool, so that it starts fast.
@NullMarked
package dev.agentrooms.app.cli;

import org.jspecify.annotations.NullMarked;
