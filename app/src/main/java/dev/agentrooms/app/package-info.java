/// The launcher, which starts agent, web UI and mocks in one JVM or one of them alone, and the
/// process as a cluster node.
@NullMarked
package dev.agentrooms.app;

import org.jspecify.annotations.NullMarked;
