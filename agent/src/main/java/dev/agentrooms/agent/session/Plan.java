package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.List;

/// How an agent understood the question; made once, when the run starts.
///
/// @param intent one word for what is asked: `create_quiz`
/// @param steps event names of a run that succeeds, in order
/// @param shown further members of `meta` for watchers
/// @param kept private data of the agent
public record Plan(String intent, List<String> steps, ObjectNode shown, ObjectNode kept) {

  public Plan {
    steps = List.copyOf(steps);
  }

  /// A plan whose intent says everything.
  public static Plan of(String intent, List<String> steps) {
    return new Plan(intent, steps, Json.object(), Json.object());
  }
}
