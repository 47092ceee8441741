/// The domain: sessions, runs and steps as plain values, without actor, HTTP or clock. Sessions
/// are stored by the names of these records and fields, so they change the least.
@NullMarked
package dev.agentrooms.agent.session;

import org.jspecify.annotations.NullMarked;
