package dev.agentrooms.protocol;

import org.jspecify.annotations.Nullable;

/// A room's acknowledgement of a progress event.
///
/// @param seq the event's number in the room; for a `duplicate`, that of the first delivery, and
///     null when that is no longer retained
public record ProgressAck(String sessionId, @Nullable Long seq, String epoch, boolean duplicate) {}
