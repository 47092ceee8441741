/// A2A 1.0: a context is a session, and each run is a task, over JSON-RPC and over plain HTTP.
@NullMarked
package dev.agentrooms.adapters.a2a;

import org.jspecify.annotations.NullMarked;
