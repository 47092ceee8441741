package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/// Writes events to standard output as lines of JSON, and nothing else.
record JsonScreen(PrintWriter out, PrintWriter err) implements Screen {

  @Override
  public void event(JsonNode event) {
    out.println(event);
    out.flush();
  }

  @Override
  public void notice(String text) {
    err.println(text);
    err.flush();
  }

  /// The last event contains the result.
  @Override
  public void result(Outcome outcome) {}
}
