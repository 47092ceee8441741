package dev.agentrooms.agent.session;

/// A read-only request to a session.
public sealed interface SessionQuery {

  record Read() implements SessionQuery {}

  record ReadRun(String runId) implements SessionQuery {}

  /// @param after the number, within the run, of the last event that the reader has
  record ReadEvents(String runId, long after, int limit) implements SessionQuery {}

  /// @param after the place of the last message that the reader has
  record ReadMessages(long after, int limit) implements SessionQuery {}
}
