package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run waits for: `waiting_for` of a run or session, and `meta` of `input_required`.
///
/// @param inputId `RUN.input.N`, where `N` counts the run's inputs from 1
/// @param step name of the step that asks
/// @param tool the tool that is to be called, when it is about one
/// @param arguments what that tool would be sent
/// @param value what is to be decided on, and what an answer may replace when it is editable
/// @param schema what a value must be; any text when absent
/// @param options texts to choose from; absent when the choice is free
/// @param expiresAt when the run fails if nobody has answered
public record InputView(
    String inputId,
    String step,
    InputKind kind,
    String prompt,
    @Nullable String tool,
    @Nullable JsonNode arguments,
    @Nullable JsonNode value,
    boolean editable,
    @Nullable JsonNode schema,
    @Nullable List<String> options,
    Instant expiresAt) {

  public InputView {
    options = options == null ? null : List.copyOf(options);
  }
}
