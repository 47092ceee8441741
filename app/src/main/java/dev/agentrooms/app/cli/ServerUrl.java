package dev.agentrooms.app.cli;

import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a command finds the web UI: where it was told to look, else where the settings of the same
/// shell let one listen.
final class ServerUrl {

  private ServerUrl() {}

  /// @param option what was typed
  static String of(@Nullable String option, Map<String, String> environment) {
    if (option != null && !option.isBlank()) {
      return option.strip();
    }
    String variable = environment.getOrDefault("AGENT_ROOMS_URL", "");
    return variable.isBlank() ? of(Settings.of(Settings.load())) : variable.strip();
  }

  /// The web UI of `settings`, as this machine reaches it.
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
