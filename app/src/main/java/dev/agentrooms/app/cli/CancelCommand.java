package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cancel SESSION`: stops the run in flight.
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "Cancel a session's run.",
    footer = {"", "Exit codes: 0 taken on, 1 nothing to cancel, 2 wrong usage or no server."})
public final class CancelCommand extends ServerCommand {

  @Parameters(paramLabel = "SESSION", description = "the session")
  private String session = "";

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "the run; the one in flight when absent")
  private @Nullable String run;

  @Override
  public Integer call() {
    JsonNode answer = client().cancel(session, run);
    out()
        .println(
            json()
                ? answer
                : answer.path("status").asText() + " " + answer.path("run_id").asText());
    return ExitCode.DONE;
  }
}
