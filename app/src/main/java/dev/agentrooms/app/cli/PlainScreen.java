package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/// One line an event, for files and pipes: time, run, level when it is not `info`, step, message.
record PlainScreen(PrintWriter out, PrintWriter err) implements Screen {

  @Override
  public void event(JsonNode event) {
    String level = event.path("level").asText("info");
    out.println(
        Words.oneLine(
            event.path("ts").asText()
                + " "
                + event.path("run_id").asText("-")
                + " "
                + (level.equals("info") ? "" : level + " ")
                + event.path("step").asText()
                + ": "
                + event.path("message").asText()));
    out.flush();
  }

  @Override
  public void notice(String text) {
    err.println(text);
    err.flush();
  }

  @Override
  public void result(JsonNode result) {
    out.println();
    out.println(Words.of(result));
    out.flush();
  }
}
