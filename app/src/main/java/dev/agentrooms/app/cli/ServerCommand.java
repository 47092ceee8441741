package dev.agentrooms.app.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Base of the commands that talk to a running server: its options, client and output.
abstract class ServerCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = {
        "the web UI's address; else $$AGENT_ROOMS_URL, else where the same",
        "settings put it ($$WEBUI_HTTP_HOST, $$WEBUI_HTTP_PORT)"
      })
  private @Nullable String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "the room's token, where rooms need one; else $$AGENT_ROOMS_TOKEN",
      defaultValue = "${env:AGENT_ROOMS_TOKEN}")
  private @Nullable String token;

  @Option(names = "--json", description = "write JSON, one value a line")
  private boolean json;

  Client client() {
    String given = token == null ? "" : token.strip();
    return Client.of(ServerUrl.of(url, System.getenv()), given.isEmpty() ? null : given);
  }

  boolean json() {
    return json;
  }

  /// The screen for this output: JSON, terminal, or file and pipe.
  Screen screen() {
    if (json) {
      return new JsonScreen(out(), err());
    }
    return terminal() == null
        ? new PlainScreen(out(), err())
        : new TerminalScreen(out(), System.getenv("NO_COLOR") == null);
  }

  /// Where somebody reads and types; null for files and pipes.
  @SuppressWarnings("SystemConsoleNull") // it is null when the JVM was told to have none
  static @Nullable Console terminal() {
    Console console = System.console();
    return console != null && console.isTerminal() ? console : null;
  }

  String howToAnswer(String sessionId) {
    return "It waits for an answer. To give one: " + hint("answer", sessionId);
  }

  /// The command that a user would type next.
  String hint(String command, String sessionId) {
    String server = url == null || url.isBlank() ? "" : " --url " + url;
    return spec.root().name() + " " + command + " " + sessionId + server;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
