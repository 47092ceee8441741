package dev.agentrooms.protocol;

/// A room's acknowledgement of a progress event.
///
/// @param seq the event's number in the room; for a `duplicate`, that of the first delivery
public record ProgressAck(String sessionId, long seq, String epoch, boolean duplicate) {}
