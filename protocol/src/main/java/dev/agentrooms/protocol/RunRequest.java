package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/agent/run`.
///
/// @param sessionId made up by the server when absent
/// @param question 1–8000 code points, not blank
/// @param numQuestions 1–50; only a quiz asks for it
/// @param workflow the declared workflow that is asked for; chosen by the question when absent
/// @param input what such a workflow's steps may name
/// @param runId what the caller calls the run; made up by the server when absent
public record RunRequest(
    @Nullable String sessionId,
    String question,
    OnBusy onBusy,
    @Nullable Integer numQuestions,
    @Nullable Submission submission,
    @Nullable String workflow,
    @Nullable ObjectNode input,
    @Nullable String runId) {

  /// A question alone, for whatever workflow it is for.
  public static RunRequest of(@Nullable String sessionId, String question, OnBusy onBusy) {
    return new RunRequest(sessionId, question, onBusy, null, null, null, null, null);
  }

  /// @throws InvalidField naming the first field that is missing or wrong
  public static RunRequest from(Fields fields) {
    return new RunRequest(
        fields.optionalSessionId(),
        fields.text("question", 1, 8000),
        fields.oneOf("on_busy", OnBusy.class, OnBusy.REJECT),
        fields.optionalInt("num_questions", 1, 50),
        Submission.from(fields.optionalFields("submission")),
        fields.optionalText("workflow", 1, 41),
        fields.optionalObject("input"),
        fields.optionalRunId());
  }
}
