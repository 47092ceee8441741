package dev.agentrooms.app;

import dev.agentrooms.agent.DeclaredTools;
import dev.agentrooms.app.cli.ExitCode;
import dev.agentrooms.http.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `check FILE`: says what is wrong with a file of tools and workflows, without a server.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Say what is wrong with a file of tools and workflows, a line each.",
    footer = {"", "Exit codes: 0 nothing is wrong, 2 something is."})
final class CheckCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "the file")
  private Path file = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Path folder = Path.of(System.getProperty("agent-rooms.folder", ""));
    List<String> mistakes =
        DeclaredTools.mistakes(Settings.of(Settings.load()), folder.resolve(file));
    PrintWriter err = spec.commandLine().getErr();
    mistakes.forEach(err::println);
    err.flush();
    return mistakes.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }
}
