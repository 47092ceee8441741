/// What agent and web UI share at their HTTP edge: settings, problems, bodies, health, the server.
@NullMarked
package dev.agentrooms.http;

import org.jspecify.annotations.NullMarked;
