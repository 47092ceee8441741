package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/// Events as they are, one a line, and nothing else on the standard output.
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

  /// The last event has it already.
  @Override
  public void result(Outcome outcome) {}
}
