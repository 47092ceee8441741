package dev.agentrooms.protocol;

/// The answer to `POST /api/agent/answer`.
///
/// @param status `accepted`, or `already` when the same was answered before
public record AnswerAck(String runId, String inputId, String status) {}
