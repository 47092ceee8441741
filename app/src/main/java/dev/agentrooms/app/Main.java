package dev.agentrooms.app;

import dev.agentrooms.app.cli.AnswerCommand;
import dev.agentrooms.app.cli.AskCommand;
import dev.agentrooms.app.cli.CancelCommand;
import dev.agentrooms.app.cli.CommandFailed;
import dev.agentrooms.app.cli.ExitCode;
import dev.agentrooms.app.cli.SessionsCommand;
import dev.agentrooms.app.cli.TokenCommand;
import dev.agentrooms.app.cli.WatchCommand;
import dev.agentrooms.app.cluster.CannotJoin;
import dev.agentrooms.http.BadSetting;
import java.io.PrintWriter;
import java.security.Security;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line: `up` starts a server, the others talk to one.
@Command(
    name = "agent-rooms",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "A server for agent sessions that people watch live, and its clients.",
    subcommands = {
      UpCommand.class,
      CheckCommand.class,
      AskCommand.class,
      WatchCommand.class,
      AnswerCommand.class,
      CancelCommand.class,
      SessionsCommand.class,
      TokenCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
    })
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    askForNamesAgainSoon();
    System.exit(commandLine().execute(args));
  }

  // While a container restarts its name does not resolve, and its address may change. Java would
  // cache a failed look-up for 10 s and an address for 30 s.
  private static void askForNamesAgainSoon() {
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    Security.setProperty("networkaddress.cache.ttl", "10");
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        // The command as a user types it, for usage texts and hints.
        .setCommandName(System.getProperty("agent-rooms.command", "agent-rooms"))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (e, args) -> {
              CommandLine command = e.getCommandLine();
              String help = command.getCommandSpec().qualifiedName() + " --help";
              return refuse(
                  command.getErr(), e.getMessage() + " (see " + help + ")", ExitCode.UNUSABLE);
            })
        .setExecutionExceptionHandler(
            (e, command, parsed) ->
                switch (e) {
                  case BadSetting bad ->
                      refuse(command.getErr(), String.valueOf(bad.getMessage()), ExitCode.UNUSABLE);
                  case CannotJoin alone ->
                      refuse(command.getErr(), String.valueOf(alone.getMessage()), ExitCode.BROKEN);
                  case CommandFailed failed ->
                      refuse(command.getErr(), failed.getMessage(), failed.exitCode());
                  default -> throw e;
                });
  }

  private static int refuse(PrintWriter err, String why, int exitCode) {
    err.println("agent-rooms: " + why.lines().findFirst().orElse(""));
    err.flush();
    return exitCode;
  }
}
