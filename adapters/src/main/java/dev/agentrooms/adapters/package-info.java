/// The sessions and runs of Agent Rooms in the protocols of clients that people have already: one
/// package per protocol, over what is here for all of them.
@NullMarked
package dev.agentrooms.adapters;

import org.jspecify.annotations.NullMarked;
