package dev.agentrooms.protocol;

/// A room's answer to one progress event.
///
/// @param seq the event's place in the room; of the first delivery when this is a `duplicate`
public record ProgressAck(String sessionId, long seq, String epoch, boolean duplicate) {}
