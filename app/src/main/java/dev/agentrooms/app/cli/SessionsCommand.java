package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sessions`: lists them.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description = "List the sessions, newest activity first.")
public final class SessionsCommand extends ServerCommand {

  private static final int LONGEST_PAGE = 200;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "at most so many (${DEFAULT-VALUE})",
      defaultValue = "50")
  private int limit = 50;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new CommandFailed(ExitCode.UNUSABLE, "--limit: must be at least 1, and is " + limit);
    }
    List<JsonNode> sessions = sessions(client());
    if (json()) {
      sessions.forEach(out()::println);
    } else if (sessions.isEmpty()) {
      err().println("There are no sessions.");
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("SESSION", "STATUS", "LAST ACTIVE", "RUN", "TITLE"));
      Instant now = Instant.now();
      sessions.forEach(session -> rows.add(row(session, now)));
      Words.table(rows).forEach(out()::println);
    }
    return ExitCode.DONE;
  }

  private List<JsonNode> sessions(Client client) {
    List<JsonNode> sessions = new ArrayList<>();
    String after = null;
    do {
      JsonNode page = client.sessions(Math.min(limit - sessions.size(), LONGEST_PAGE), after);
      page.path("sessions").forEach(sessions::add);
      after = page.path("next").asText(null);
    } while (sessions.size() < limit && after != null);
    return sessions;
  }

  private static List<String> row(JsonNode session, Instant now) {
    JsonNode run = session.path("run").isObject() ? session.path("run") : session.path("last_run");
    String title = Words.oneLine(session.path("title").asText());
    return List.of(
        Words.oneLine(session.path("session_id").asText()),
        session.path("status").asText(),
        LocalTime.of(session.path("last_active_at").asText(), now, ZoneId.systemDefault()),
        run.path("status").asText("-"),
        title.length() > 60 ? title.substring(0, 59) + "…" : title);
  }
}
