package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.List;

/// What an agent made of a question. It is decided once, when the run begins.
///
/// @param intent what the question wants, in a word
/// @param steps every step that the run shows when nothing goes wrong
/// @param shown what watchers are told of it besides
/// @param kept what the agent keeps for itself
public record Plan(String intent, List<String> steps, ObjectNode shown, ObjectNode kept) {

  public Plan {
    steps = List.copyOf(steps);
  }

  /// One that says all with its name.
  public static Plan of(String intent, List<String> steps) {
    return new Plan(intent, steps, Json.object(), Json.object());
  }
}
