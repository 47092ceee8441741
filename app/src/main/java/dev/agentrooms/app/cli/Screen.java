package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// Output of a command.
interface Screen extends AutoCloseable {

  /// An event of the session.
  void event(JsonNode event);

  /// A piece of a text that is being written; the text comes as a whole as well, with an event.
  default void delta(JsonNode delta) {}

  /// A notice about the connection, not about the run.
  void notice(String text);

  /// The outcome of a run.
  void result(Outcome outcome);

  /// Called regularly, for output that moves.
  default void tick() {}

  /// Restores the terminal.
  @Override
  default void close() {}
}
