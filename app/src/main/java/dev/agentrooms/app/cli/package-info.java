/// The commands that talk to a server. They load no actor, transport or tool, so that the JVM
/// starts fast.
@NullMarked
package dev.agentrooms.app.cli;

import org.jspecify.annotations.NullMarked;
