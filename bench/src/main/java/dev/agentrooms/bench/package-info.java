/// The load comparison: one client, several servers, the same works for each.
@NullMarked
package dev.agentrooms.bench;

import org.jspecify.annotations.NullMarked;
