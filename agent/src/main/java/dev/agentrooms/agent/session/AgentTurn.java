package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// The place of a call within an agent's step, whose calls are shown as one step: the first turn of
/// the model begins it, and the turn that asks for no tool ends it. In between, each call of a tool
/// is shown as `start_tool_call` and `tool_call_done`.
///
/// @param turn 1 for the first answer of the model
/// @param wish what the model calls this call of a tool; null when the call is the model's turn
public record AgentTurn(int turn, @Nullable String wish) {

  public boolean isOfModel() {
    return wish == null;
  }

  /// Whether an answer of the model asks for tools.
  public static boolean goesOn(JsonNode answer) {
    return !answer.path("calls").isEmpty();
  }
}
