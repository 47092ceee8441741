/// A client of the Model Context Protocol, tools only: over Streamable HTTP, and over the standard
/// input and output of a process of ours.
@NullMarked
package dev.agentrooms.tools.mcp;

import org.jspecify.annotations.NullMarked;
