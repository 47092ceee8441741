/// AG-UI: a thread is a session, and each run is one stream that can be asked for again.
@NullMarked
package dev.agentrooms.adapters.agui;

import org.jspecify.annotations.NullMarked;
