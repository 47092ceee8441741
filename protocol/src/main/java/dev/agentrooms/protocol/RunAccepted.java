package dev.agentrooms.protocol;

/// The answer to a run that was taken on.
///
/// @param status `accepted`, or `queued` when it waits for its turn
public record RunAccepted(String sessionId, String runId, String status) {}
