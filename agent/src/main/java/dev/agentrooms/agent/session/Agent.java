package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;

/// Decides what a run does. A pure port: asked twice, it says the same.
public interface Agent {

  Plan plan(RunSpec spec);

  /// What comes next in a run that is running and has no open step.
  Next next(Run run);

  /// A result as text that a person can read.
  String text(String intent, JsonNode result);
}
