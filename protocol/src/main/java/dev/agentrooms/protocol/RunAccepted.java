package dev.agentrooms.protocol;

/// The answer to a request for a run that was accepted.
///
/// @param status `accepted`, or `queued` when it has to wait
public record RunAccepted(String sessionId, String runId, String status) {}
