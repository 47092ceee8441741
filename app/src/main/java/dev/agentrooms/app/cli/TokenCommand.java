package dev.agentrooms.app.cli;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.access.AccessSettings;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `token SESSION` and `token --user NAME`: makes a link to the session, or a token of a user or an
/// admin. It needs the secret, and no server.
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Print a token for a session, a user or an admin, where access is by token.",
    footer = {
      "",
      "It is signed with the servers' secret, $$ACCESS_SECRET. Only the token is printed.",
      " The other commands take it as --token or $$AGENT_ROOMS_TOKEN.",
    })
public final class TokenCommand implements Callable<Integer> {

  private static final String SECRET = "access.secret";

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "SESSION", arity = "0..1", description = "the session")
  private @Nullable String session;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "makes a token of this user; with a SESSION, a link that they have made")
  private @Nullable String user;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description = "watch, use or admin (watch for a session, use for a user)")
  private @Nullable String scope;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "how long it is good, like 90s, 15m or 12h (${DEFAULT-VALUE})",
      defaultValue = "1h")
  private String ttl = "1h";

  @Override
  public Integer call() {
    if (session == null && user == null) {
      throw new CommandFailed(ExitCode.UNUSABLE, "name a session, or a user by --user");
    }
    if (session != null && !SessionId.isValid(session)) {
      throw new CommandFailed(ExitCode.UNUSABLE, "there can be no session " + session);
    }
    Scope wanted = scope();
    Duration life = Settings.of(ConfigFactory.parseMap(Map.of("--ttl", ttl))).duration("--ttl");
    Tokens tokens =
        new Tokens(AccessSettings.from(Settings.of(Settings.load())), InstantSource.system());
    if (!tokens.canMake()) {
      throw new BadSetting(SECRET, "is not set, so there is nothing to sign with (ACCESS_SECRET)");
    }
    // `exp` is in whole seconds.
    Instant until = Instant.now().plus(life).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    spec.commandLine()
        .getOut()
        .println(
            session != null
                ? tokens.link(new Caller.Link(session, wanted, user, user, until))
                : tokens.user(String.valueOf(user), wanted, until));
    return ExitCode.DONE;
  }

  private Scope scope() {
    if (scope == null) {
      return session == null ? Scope.USE : Scope.WATCH;
    }
    Scope wanted =
        Scope.of(scope)
            .orElseThrow(
                () ->
                    new CommandFailed(
                        ExitCode.UNUSABLE, "--scope must be watch, use or admin, not " + scope));
    if (session != null && wanted == Scope.ADMIN) {
      throw new CommandFailed(ExitCode.UNUSABLE, "a link to a session cannot have the scope admin");
    }
    return wanted;
  }
}
