package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/// One line per event, for files and pipes: time, run, level unless it is `info`, step, and the
/// message or else the title.
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
                + words(event)));
    out.flush();
  }

  private static String words(JsonNode event) {
    String message = Words.text(event.path("message"));
    return message.isEmpty() ? Words.text(event.path("meta").path("title")) : message;
  }

  @Override
  public void notice(String text) {
    err.println(text);
    err.flush();
  }

  @Override
  public void result(Outcome outcome) {
    out.println();
    out.println(Words.of(outcome));
    out.flush();
  }
}
