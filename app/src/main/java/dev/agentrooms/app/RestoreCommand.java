package dev.agentrooms.app;

import dev.agentrooms.app.cli.ExitCode;
import dev.agentrooms.http.Settings;
import dev.agentrooms.store.Backup;
import dev.agentrooms.store.StoreRefused;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `restore FILE`: makes a copy the store. The server must be down.
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = "Put a copy in the place of the store. The server must be down.",
    footer = {
      "",
      "What was there is kept beside it. Watchers are shown what the copy holds as a new",
      "beginning, since they may have seen later events. The folder is $$STORE_DIR.",
    })
final class RestoreCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "what backup has written")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    Path dir = NodeStore.folder(Settings.of(Settings.load()), "restored by pg_restore");
    try {
      Path kept = Backup.restore(NodeStore.given(file), dir, InstantSource.system());
      spec.commandLine()
          .getOut()
          .println("The store is restored. What was there before is kept in " + kept + ".");
    } catch (StoreRefused e) {
      throw NodeStore.refused(e);
    }
    return ExitCode.DONE;
  }
}
