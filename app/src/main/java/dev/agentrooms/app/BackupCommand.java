package dev.agentrooms.app;

import dev.agentrooms.app.cli.ExitCode;
import dev.agentrooms.http.Settings;
import dev.agentrooms.store.Backup;
import dev.agentrooms.store.StoreRefused;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `backup FILE`: copies the store's folder, whether a server has it or not.
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = "Copy the store into a file, while the server goes on.",
    footer = {"", "The folder is $$STORE_DIR. A store in PostgreSQL is copied by pg_dump."})
final class BackupCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the file, which must not be there")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    Path dir = NodeStore.folder(Settings.of(Settings.load()), "copied by pg_dump");
    Path copy = NodeStore.given(file).toAbsolutePath();
    try {
      Backup.write(dir, copy);
    } catch (StoreRefused e) {
      throw NodeStore.refused(e);
    }
    spec.commandLine().getOut().println("The store is copied to " + copy + ".");
    return ExitCode.DONE;
  }
}
