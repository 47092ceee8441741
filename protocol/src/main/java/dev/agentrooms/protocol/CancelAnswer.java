package dev.agentrooms.protocol;

/// The answer to a cancel.
///
/// @param status `cancelling`, or `cancelled` once it is
public record CancelAnswer(String sessionId, String runId, RunStatus status) {}
