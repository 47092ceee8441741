/// The web UI's server: routes, page, and the proxy to the agent.
@NullMarked
package dev.agentrooms.webui;

import org.jspecify.annotations.NullMarked;
