/// Durable Streams: logs that are read and written over plain HTTP.
@NullMarked
package dev.agentrooms.webui.streams;

import org.jspecify.annotations.NullMarked;
