/// The words of the wire: what clients, tools, agent and web UI say to each other, as records with
/// their validation and their JSON.
@NullMarked
package dev.agentrooms.protocol;

import org.jspecify.annotations.NullMarked;
