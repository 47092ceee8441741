/// What a session is made of: plain values that are tested in microseconds. Their fields and names
/// are what is kept of a session, so that they change the least.
@NullMarked
package dev.agentrooms.agent.session;

import org.jspecify.annotations.NullMarked;
