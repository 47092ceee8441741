package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sessions`: lists them.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description = "List the sessions, newest activity first.")
final class SessionsCommand extends ServerCommand {

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
      throw new CommandFailed(Main.UNUSABLE, "--limit: must be at least 1, and is " + limit);
    }
    Client client = client();
    String after = null;
    int left = limit;
    do {
      JsonNode page = client.sessions(Math.min(left, LONGEST_PAGE), after);
      if (after == null) {
        header(page);
      }
      page.path("sessions").forEach(this::row);
      left -= page.path("sessions").size();
      after = page.path("next").asText(null);
    } while (left > 0 && after != null);
    return Main.DONE;
  }

  private void header(JsonNode page) {
    if (json()) {
      return;
    }
    if (page.path("sessions").isEmpty()) {
      err().println("There are no sessions.");
    } else {
      line("SESSION", "STATUS", "LAST ACTIVE", "RUN", "QUESTION");
    }
  }

  private void row(JsonNode session) {
    if (json()) {
      out().println(session);
      return;
    }
    JsonNode run = session.path("run");
    String question = Words.oneLine(run.path("question").asText());
    line(
        session.path("session_id").asText(),
        session.path("status").asText(),
        session.path("last_active_at").asText(),
        run.path("status").asText("-"),
        question.length() > 60 ? question.substring(0, 59) + "…" : question);
  }

  private void line(@Nullable Object... columns) {
    String row = String.format(Locale.ROOT, "%-24s  %-10s  %-24s  %-9s  %s", columns);
    out().println(row.stripTrailing());
  }
}
