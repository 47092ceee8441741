package dev.agentrooms.app.cli;

import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The web UI's URL for a command: the option, else the address at which a server with the same
/// environment would listen.
final class ServerUrl {

  private ServerUrl() {}

  /// @param option the value of `--url`
  static String of(@Nullable String option, Map<String, String> environment) {
    if (option != null && !option.isBlank()) {
      return option.strip();
    }
    String variable = environment.getOrDefault("AGENT_ROOMS_URL", "");
    return variable.isBlank() ? of(Settings.of(Settings.load())) : variable.strip();
  }

  /// The URL at which this machine reaches the web UI of `settings`.
  static String of(Settings settings) {
    HttpAddress at = HttpAddress.from(settings, "webui.http");
    String host =
        switch (at.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "[::1]";
          default ->
              at.host().contains(":") && !at.host().startsWith("[")
                  ? "[" + at.host() + "]"
                  : at.host();
        };
    return "http://" + host + ":" + at.port();
  }
}
