/// Shared by the HTTP edges of agent and web UI: settings, problems, bodies, health, metrics, the
/// server.
@NullMarked
package dev.agentrooms.http;

import org.jspecify.annotations.NullMarked;
