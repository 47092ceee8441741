/// MCP: the agent as four tools of any host, over Streamable HTTP and without sessions of its own.
@NullMarked
package dev.agentrooms.adapters.mcp;

import org.jspecify.annotations.NullMarked;
