package dev.agentrooms.app.cli;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.watch.RoomTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `token SESSION`: mints a room token for the session. It needs the secret, and no server.
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Print a token that opens a session's room, where rooms need one.",
    footer = {
      "",
      "It is signed with the web UI's secret, $$WEBUI_ROOM_TOKEN_SECRET. Only the token",
      "is printed. The other commands take it as --token or $$AGENT_ROOMS_TOKEN.",
    })
public final class TokenCommand implements Callable<Integer> {

  private static final String SECRET = "webui.room-token-secret";

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "SESSION", description = "the session")
  private String session = "";

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "how long it is good, like 90s, 15m or 12h (${DEFAULT-VALUE})",
      defaultValue = "1h")
  private String ttl = "1h";

  @Override
  public Integer call() {
    if (!SessionId.isValid(session)) {
      throw new CommandFailed(ExitCode.UNUSABLE, "there can be no session " + session);
    }
    Duration life = Settings.of(ConfigFactory.parseMap(Map.of("--ttl", ttl))).duration("--ttl");
    Settings settings = Settings.of(Settings.load());
    if (settings.optionalText(SECRET) == null) {
      throw new BadSetting(SECRET, "is not set, so rooms need no token (WEBUI_ROOM_TOKEN_SECRET)");
    }
    // `exp` is in whole seconds.
    Instant until = Instant.now().plus(life).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    spec.commandLine().getOut().println(RoomTokens.from(settings).mint(session, until));
    return ExitCode.DONE;
  }
}
