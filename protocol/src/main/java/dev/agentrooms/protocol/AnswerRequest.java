package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/agent/answer`.
///
/// @param value replaces what was asked about, where that is editable
public record AnswerRequest(
    String sessionId,
    String runId,
    String inputId,
    Decision decision,
    @Nullable JsonNode value,
    @Nullable String comment) {

  private static final int MAX_INPUT_ID = 300;
  private static final int MAX_COMMENT = 4000;

  /// @throws InvalidField naming the first field that is missing or wrong
  public static AnswerRequest from(Fields fields) {
    return new AnswerRequest(
        fields.sessionId(),
        SessionId.checked("run_id", fields.text("run_id", 1, SessionId.MAX_LENGTH)),
        fields.text("input_id", 1, MAX_INPUT_ID),
        decision(fields),
        fields.value("value"),
        fields.optionalText("comment", 0, MAX_COMMENT));
  }

  private static Decision decision(Fields fields) {
    fields.text("decision", 1, 100);
    return fields.oneOf("decision", Decision.class, Decision.REJECT);
  }
}
