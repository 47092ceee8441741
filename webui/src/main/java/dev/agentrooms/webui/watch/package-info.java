/// Those who watch rooms: WebSockets and event streams, who may open one, and what each is sent.
@NullMarked
package dev.agentrooms.webui.watch;

import org.jspecify.annotations.NullMarked;
