package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// Where a command shows what happens.
interface Screen extends AutoCloseable {

  /// Something happened.
  void event(JsonNode event);

  /// Something about the connection, not about the run.
  void notice(String text);

  /// What a run brought.
  void result(Outcome outcome);

  /// Time has passed.
  default void tick() {}

  /// Leaves the terminal as it was.
  @Override
  default void close() {}
}
