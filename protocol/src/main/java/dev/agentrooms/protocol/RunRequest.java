package dev.agentrooms.protocol;

import org.jspecify.annotations.Nullable;

/// The body of `POST /api/agent/run`.
///
/// @param sessionId made up by the server when absent
/// @param question 1–8000 code points, not blank
/// @param numQuestions 1–50; only a quiz asks for it
/// @param runId what the caller calls the run; made up by the server when absent
public record RunRequest(
    @Nullable String sessionId,
    String question,
    OnBusy onBusy,
    @Nullable Integer numQuestions,
    @Nullable Submission submission,
    @Nullable String runId) {

  /// @throws InvalidField naming the first field that is missing or wrong
  public static RunRequest from(Fields fields) {
    return new RunRequest(
        fields.optionalSessionId(),
        fields.text("question", 1, 8000),
        fields.oneOf("on_busy", OnBusy.class, OnBusy.REJECT),
        fields.optionalInt("num_questions", 1, 50),
        Submission.from(fields.optionalFields("submission")),
        fields.optionalRunId());
  }
}
