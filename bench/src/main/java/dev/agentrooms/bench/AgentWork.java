package dev.agentrooms.bench;

import java.util.Optional;

/// G and R: a load on the agent; the peers have none.
sealed interface AgentWork extends Work permits RunLatency, RunRate, IdleSessions, Restart {

  /// Whether the rooms are in the agent's process.
  default boolean withRooms() {
    return true;
  }

  @Override
  default Optional<String> impossible(Server server) {
    return server instanceof AgentRoomsServer ? Optional.empty() : Optional.of("it has no agent");
  }

  static AgentServer agent(Running running) {
    return (AgentServer) running.server();
  }
}
