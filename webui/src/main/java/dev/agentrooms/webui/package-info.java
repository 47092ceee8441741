/// The web UI as a server: its routes, the page, and what is passed on to the agent.
@NullMarked
package dev.agentrooms.webui;

import org.jspecify.annotations.NullMarked;
