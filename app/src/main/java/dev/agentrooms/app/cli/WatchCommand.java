package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `watch SESSION`: follows a session.
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Show what happened in a session, and what happens, until Ctrl-C.",
    footer = {
      "",
      "With --until-end the exit code is the run's: 0 succeeded, 1 failed, 130 cancelled.",
    })
public final class WatchCommand extends ServerCommand {

  @Parameters(paramLabel = "SESSION", description = "the session")
  private String session = "";

  @Option(names = "--live", description = "leave out what has happened already")
  private boolean live;

  @Option(
      names = "--until-end",
      description = "watch the run in flight, or the last one, and stop when it has ended")
  private boolean untilEnd;

  @Override
  public Integer call() {
    Client client = client();
    String runId = untilEnd ? run(client) : null;
    String position = live && !untilEnd ? EventStream.LIVE : EventStream.START;
    try (Screen screen = screen();
        Interrupt _ = Interrupt.then(screen::close)) {
      Outcome outcome =
          new Follower(
                  client,
                  session,
                  runId,
                  position,
                  screen,
                  Follower.Patience.USUAL,
                  asked -> screen.notice(howToAnswer(session)))
              .follow();
      return outcome.exitCode();
    }
  }

  private @Nullable String run(Client client) {
    JsonNode known =
        client
            .session(session)
            .orElseThrow(
                () -> new CommandFailed(ExitCode.FAILED, "there is no session " + session));
    JsonNode run = known.path("run").isObject() ? known.path("run") : known.path("last_run");
    if (!run.isObject()) {
      throw new CommandFailed(ExitCode.FAILED, "session " + session + " has no run");
    }
    return run.path("run_id").asText();
  }
}
